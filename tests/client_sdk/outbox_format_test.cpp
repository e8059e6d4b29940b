// The bytes of an outbox, as docs/outbox.md writes them down.

#include "client_sdk/outbox_format.hpp"

#include <fstream>
#include <iomanip>
#include <sstream>

#include "tests/client_sdk/outbox_fixture.hpp"
#include "tests/support/batch_bytes.hpp"

namespace sorteo::test {
namespace {

std::string hex(std::string_view bytes) {
  std::ostringstream text;
  for (const char byte : bytes) {
    text << std::hex << std::uppercase << std::setw(2) << std::setfill('0')
         << static_cast<int>(static_cast<unsigned char>(byte));
  }
  return text.str();
}

// The second column of the example in the documentation.
std::string documented_example() {
  std::ifstream page(SORTEO_SOURCE_DIR "/docs/outbox.md");
  std::string line;
  while (std::getline(page, line) && !line.starts_with("<!-- A test")) {
  }
  std::getline(page, line);
  std::string bytes;
  while (std::getline(page, line) && line != "```") {
    std::istringstream columns(line);
    std::string offset;
    std::string value;
    columns >> offset >> value;
    EXPECT_EQ(offset, std::to_string(bytes.size() / 2)) << line;
    bytes += value;
  }
  return bytes;
}

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
  EXPECT_EQ(documented_example(), hex(disk_.content(kOutboxPath)));
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
