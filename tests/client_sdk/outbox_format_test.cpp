// The bytes of an outbox, as docs/outbox.md writes them down.

#include "client_sdk/outbox_format.hpp"

#include "tests/client_sdk/outbox_fixture.hpp"
#include "tests/support/batch_bytes.hpp"
#include "tests/support/documented_bytes.hpp"

namespace sorteo::test {
namespace {

class OutboxFormatTest : public OutboxFixture {};

TEST_F(OutboxFormatTest, ExampleOfTheDocumentationIsWhatIsWritten) {
  options_.agency = 1;
  for (std::size_t at = 0; at < 16; ++at) {
    options_.session->bytes[at] = static_cast<std::byte>(0x11 * at);
  }
  options_.source.emplace().fill(std::byte{0xCC});
  auto outbox = open();
  ASSERT_EQ(outbox->append({1, 1, 1, batch_bytes(1, {ana()}).substr(4)}), std::nullopt);
  ASSERT_EQ(outbox->settle(1, 1), std::nullopt);
  outbox.reset();
  EXPECT_EQ(documented_bytes(SORTEO_SOURCE_DIR "/docs/outbox.md"),
            upper_hex(disk_.content(kOutboxPath)));
}

TEST_F(OutboxFormatTest, HeaderIsReadBack) {
  client::OutboxHeader header;
  header.agency = 7;
  header.session = kOutboxSession;
  header.source.emplace().fill(std::byte{3});
  header.generation = 4;
  header.settled = 5;
  header.bets_taken = 60;
  header.settled_bets = 59;
  const std::string bytes = client::encode(header);
  ASSERT_EQ(bytes.size(), client::kOutboxHeaderBytes);
  const auto read = client::decode_outbox_header(as_bytes(bytes));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, header);
}

}  // namespace
}  // namespace sorteo::test
