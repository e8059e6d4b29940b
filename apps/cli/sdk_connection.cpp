#include "apps/cli/sdk_connection.hpp"

#include <utility>

namespace sorteo::cli {
namespace {

class SdkConnection final : public AgencyConnection {
 public:
  explicit SdkConnection(client::Options options) : client_(std::move(options)) {}

  std::optional<client::Failure> submit(const BetView& bet) override { return client_.submit(bet); }
  std::optional<client::Failure> flush() override { return client_.flush(); }
  std::optional<client::Failure> finish(std::optional<std::uint64_t> total) override {
    return client_.finish(total);
  }

  std::variant<std::optional<client::Winners>, client::Failure> ask_winners() override {
    return client_.ask_winners();
  }

  std::variant<client::Winners, client::Failure> wait_for_winners(
      std::chrono::milliseconds patience) override {
    return client_.wait_for_winners(patience);
  }

  std::vector<client::BatchResult> unsettled() const override { return client_.unsettled(); }

 private:
  client::Client client_;
};

}  // namespace

std::unique_ptr<AgencyConnection> connect_with_sdk(client::Options options) {
  return std::make_unique<SdkConnection>(std::move(options));
}

}  // namespace sorteo::cli
