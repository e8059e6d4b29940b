#include "tests/failures/lying_network.hpp"

#include "apps/cli/split_mix.hpp"

namespace sorteo::test {
namespace {

ProxyAct any_act(cli::SplitMix& random) {
  const std::uint64_t choice = random.below(100);
  if (choice < 10) {
    return ProxyAct::kSwallow;  // fewer, because each costs a client the time it waits for answers
  }
  return choice < 55 ? ProxyAct::kEnd : ProxyAct::kReset;
}

// Half of them within the first messages, where a handshake can be cut.
std::uint64_t any_place(cli::SplitMix& random, ProxyWay way) {
  if (random.below(2) == 0) {
    return random.below(256);
  }
  return random.below(way == ProxyWay::kToServer ? 32 * 1024 : 1024);
}

}  // namespace

ProxyPlan lying_plan(std::uint64_t seed, std::uint64_t number) {
  cli::SplitMix random(cli::SplitMix(seed).next() ^ number);
  ProxyPlan plan;
  plan.act = any_act(random);
  plan.way = random.below(2) == 0 ? ProxyWay::kToServer : ProxyWay::kToClient;
  plan.after = any_place(random, plan.way);
  switch (random.below(8)) {
    case 0:
    case 1:
      plan.piece = 1 + random.below(7);
      break;
    case 2:
      plan.piece = 100 + random.below(1000);
      plan.pause = std::chrono::milliseconds(1 + random.below(3));
      break;
    default:
      break;
  }
  return plan;
}

}  // namespace sorteo::test
