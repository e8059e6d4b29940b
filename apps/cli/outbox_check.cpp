#include "apps/cli/outbox_check.hpp"

#include "client_sdk/outbox.hpp"

namespace sorteo::cli {

boost::system::result<EarlierRuns, InputError> check_outbox(const client::OutboxOptions& options) {
  const auto opened = client::Outbox::open(options);
  if (opened.has_error()) {
    return InputError{opened.error()};
  }
  const client::Outbox& outbox = **opened;
  EarlierRuns earlier{outbox.bets_taken(), outbox.settled_bets(), outbox.bets_taken()};
  earlier.refused -= outbox.settled_bets();
  for (const client::OutboxBatch& batch : outbox.unsettled()) {
    earlier.refused -= batch.bets;
  }
  return earlier;
}

}  // namespace sorteo::cli
