#include "tests/house/link_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/house/source_tree.hpp"

namespace sorteo::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The targets of a house in order, and one more line.
std::vector<std::string> said_of(const std::string& line) {
  return check_links({"core sorteo_core Boost::headers $<BUILD_INTERFACE:sorteo_options>",
                      "storage sorteo_storage sorteo::core xxhash Threads::Threads",
                      "handlers sorteo_handlers sorteo::core",
                      "transport sorteo_transport sorteo::core $<BUILD_INTERFACE:sorteo_asio>",
                      "client_sdk sorteo_client_sdk sorteo::core $<LINK_ONLY:sorteo_asio>",
                      "apps sorteo_cli sorteo::client_sdk sorteo_storage CLI11::CLI11", line});
}

TEST(LinkRulesTest, TheProjectKeepsThem) {
  const std::vector<std::string> lines = read_lines(SORTEO_LINKS_FILE);
  EXPECT_THAT(lines, testing::Contains(testing::StartsWith("core sorteo_core Boost::headers")));
  EXPECT_THAT(lines,
              testing::Contains(testing::StartsWith("handlers sorteo_handlers sorteo::core")));
  EXPECT_THAT(check_links(lines), IsEmpty());
}

TEST(LinkRulesTest, HouseInOrderIsGood) {
  EXPECT_THAT(said_of("apps sorteo_server sorteo_cli sorteo::transport spdlog::spdlog"), IsEmpty());
}

TEST(LinkRulesTest, GroundFloorLinksNothingOfTheHouse) {
  EXPECT_THAT(said_of("core sorteo_more sorteo::storage sorteo_asio Threads::Threads"),
              ElementsAre("core: sorteo_more may not link sorteo_storage",
                          "core: sorteo_more may not link sorteo_asio",
                          "core: sorteo_more may not link Threads::Threads"));
}

TEST(LinkRulesTest, NoArrowRunsSidewaysOrUp) {
  EXPECT_THAT(said_of("handlers sorteo_more sorteo::storage sorteo_transport sorteo_cli"),
              ElementsAre("handlers: sorteo_more may not link sorteo_storage",
                          "handlers: sorteo_more may not link sorteo_transport",
                          "handlers: sorteo_more may not link sorteo_cli"));
  EXPECT_THAT(said_of("client_sdk sorteo_more sorteo::transport"),
              ElementsAre("client_sdk: sorteo_more may not link sorteo_transport"));
}

TEST(LinkRulesTest, GeneratorExpressionsHideNothing) {
  EXPECT_THAT(said_of("storage sorteo_more $<LINK_ONLY:$<BUILD_INTERFACE:sorteo::transport>>"),
              ElementsAre("storage: sorteo_more may not link sorteo_transport"));
}

TEST(LinkRulesTest, OnlyTheNetworksFoldersLinkAsio) {
  EXPECT_THAT(said_of("storage sorteo_more sorteo_asio"),
              ElementsAre("storage: sorteo_more may not link sorteo_asio"));
}

}  // namespace
}  // namespace sorteo::test
