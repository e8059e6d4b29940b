// Any bytes as a server's answers: the client's reader ends, and gives the same answers whether the
// bytes come at once or one by one.

#include <vector>

#include "client_sdk/answer_reader.hpp"
#include "tests/fuzz/require.hpp"

namespace {

struct Conversation {
  std::vector<sorteo::client::Answer> answers;
  bool is_broken = false;

  friend bool operator==(const Conversation&, const Conversation&) = default;
};

Conversation read(sorteo::ByteView bytes, std::size_t step) {
  Conversation conversation;
  sorteo::client::AnswerReader reader;
  while (!bytes.empty() && !conversation.is_broken) {
    const std::size_t count = std::min(step, bytes.size());
    reader.feed(bytes.first(count));
    bytes = bytes.subspan(count);
    for (;;) {
      auto answer = reader.next();
      conversation.is_broken = answer.has_error();
      if (answer.has_error() || !answer->has_value()) {
        break;
      }
      conversation.answers.push_back(std::move(**answer));
    }
  }
  return conversation;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sorteo::ByteView bytes = sorteo::test::fuzz_bytes(data, size);
  sorteo::test::require(read(bytes, 1) == read(bytes, bytes.size()));
  return 0;
}
