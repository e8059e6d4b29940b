#include "tests/simulation/hostile_client.hpp"

#include <utility>

#include "core/bytes.hpp"
#include "core/message.hpp"
#include "core/version2.hpp"

namespace sorteo::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kNoSuchCount = std::uint64_t{1} << 40;
constexpr std::uint8_t kUnknownType = 0x7E;

std::string message(std::uint8_t type, std::string_view payload) {
  std::string bytes;
  append_u8(bytes, type);
  append_u32(bytes, static_cast<std::uint32_t>(payload.size()));
  return bytes.append(payload);
}

std::string message(MessageType type, std::string_view payload) {
  return message(static_cast<std::uint8_t>(type), payload);
}

std::string once_batch(const BatchName& name, std::string_view packets) {
  std::string payload;
  v2::append_once_batch_header(payload, name.agency, name.session, name.sequence);
  return message(MessageType::kOnceBatch, payload.append(packets));
}

}  // namespace

HostileClient::HostileClient(std::uint32_t agency, const ClientSurroundings& surroundings,
                             Chance chance)
    : agency_(agency), surroundings_(surroundings), chance_(chance) {
  store_u64(session_.bytes.data(), chance_.next());
}

HostileClient::~HostileClient() { leave(); }

void HostileClient::calm() {
  is_calm_ = true;
  leave();
}

void HostileClient::connect() {
  if (is_calm_) {
    return;
  }
  surroundings_.network.connect(Network::kServer, [this, visit = ++visit_](auto opened) {
    if (visit != visit_ || !opened || is_calm_) {
      if (opened) {
        opened->reset(End::kClient);
      }
      return;
    }
    connection_ = std::move(opened);
    connection_->attach(End::kClient, this);
    act();
  });
  surroundings_.network.scheduler().after(chance_.time_between(1ms, 60ms), [this, visit = visit_] {
    if (visit == visit_) {
      leave();
    }
  });
}

void HostileClient::act() {
  if (!connection_) {
    return;
  }
  for (std::uint64_t requests = chance_.between(1, 4); requests > 0; --requests) {
    connection_->send(End::kClient, request());
  }
  surroundings_.network.scheduler().after(chance_.time_between(50us, 5ms), [this, visit = visit_] {
    if (visit == visit_) {
      act();
    }
  });
}

void HostileClient::leave() {
  ++visit_;
  if (connection_) {
    if (chance_.happens(1, 3)) {
      connection_->attach(End::kClient, nullptr);
      connection_->silence();
    } else {
      connection_->reset(End::kClient);
    }
    connection_.reset();
  }
  if (!is_calm_) {
    surroundings_.network.scheduler().after(chance_.time_between(100us, 10ms),
                                            [this, visit = visit_] {
                                              if (visit == visit_) {
                                                connect();
                                              }
                                            });
  }
}

std::string HostileClient::request() {
  switch (chance_.below(13)) {
    case 0:
      return hello();
    case 1:
      return wrong_finish();
    case 2:
      return question();
    case 3:
      return message(MessageType::kPing, "ping");
    case 4:
      return message(kUnknownType, "what is this");
    case 5:
    case 6:
      return old_batch(false);
    case 7:
      return old_batch(true);
    case 8:
      return chance_.happens(1, 4) ? nonsense() : own_batch();
    case 9:
      return late_batch();
    default:
      return own_batch();
  }
}

std::string HostileClient::hello() {
  v2::Hello hello;
  hello.agency = agency_;
  hello.session = session_;
  hello.features = chance_.happens(1, 2) ? v2::kGoAwayFeature : 0U;
  return message(MessageType::kHello, v2::encode(hello));
}

// Any of its numbers up to two behind the last, with any of the contents that it has for it.
std::string HostileClient::own_batch() {
  const std::uint64_t sequence = chance_.between(1, contents_.size() + 2);
  const BatchName name{agency_, session_, sequence};
  if (sequence > contents_.size()) {
    if (sequence > contents_.size() + 1) {
      return once_batch(name, "");  // a gap, as a rule
    }
    contents_.emplace_back();
  }
  auto& contents = contents_[sequence - 1];
  if (contents.empty() || (contents.size() < 3 && chance_.happens(1, 6))) {
    contents.push_back(surroundings_.bets.make(name).packets);
  }
  return once_batch(name, contents[chance_.below(contents.size())]);
}

std::string HostileClient::old_batch(bool is_changed) {
  const auto old = surroundings_.model.promise(chance_.next());
  if (!old) {
    return own_batch();
  }
  const auto& [name, packets] = *old;
  return once_batch(name, is_changed ? surroundings_.bets.make(name).packets : packets);
}

// For an agency that has finished, in either version.
std::string HostileClient::late_batch() {
  const auto agency = static_cast<std::uint32_t>(chance_.between(1, agency_));
  if (!surroundings_.model.has_finished(agency)) {
    return question();
  }
  if (chance_.happens(1, 2)) {
    std::string payload;
    append_u32(payload, agency);
    return message(MessageType::kBatchBet, payload + surroundings_.bets.make_plain(agency).packets);
  }
  const BatchName name{agency, session_, 1};
  std::string& packets = late_[agency];
  if (packets.empty()) {
    packets = surroundings_.bets.make(name).packets;
  }
  return once_batch(name, packets);
}

std::string HostileClient::wrong_finish() {
  return message(MessageType::kFinish,
                 v2::encode(v2::Finish{static_cast<std::uint32_t>(chance_.between(1, agency_)),
                                       kNoSuchCount}));
}

std::string HostileClient::question() {
  return message(
      MessageType::kAwaitWinners,
      v2::encode(v2::AwaitWinners{static_cast<std::uint32_t>(chance_.between(1, agency_)),
                                  static_cast<std::uint32_t>(chance_.below(40))}));
}

std::string HostileClient::nonsense() {
  std::string bytes;
  for (std::uint64_t left = chance_.between(1, 12); left > 0; --left) {
    append_u8(bytes, static_cast<std::uint8_t>(chance_.between(3, 4)));
  }
  return bytes;
}

}  // namespace sorteo::simulation
