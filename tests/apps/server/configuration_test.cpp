#include "apps/server/configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/server/config_schema.hpp"

namespace sorteo {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// The smallest configuration that is right, with `more` members.
std::string with(const std::string& more) {
  return R"({"storage": {"path": "bets"}, )" + more + "}";
}

std::vector<std::string> faults_of(const std::string& text) {
  std::vector<std::string> messages;
  const auto result = parse_configuration(text);
  if (result.has_error()) {
    for (const ConfigFault& fault : result.error()) {
      messages.push_back(fault.message());
    }
  }
  return messages;
}

Configuration good(const boost::system::result<Configuration, ConfigFaults>& result) {
  if (result.has_error()) {
    throw std::runtime_error(result.error().at(0).message());
  }
  return *result;
}

TEST(ConfigurationTest, ReadsEveryKey) {
  const std::string text = R"({
    "listen": {"host": "::1", "port": 0},
    "threads": 3,
    "draw": {"agencies": 2, "winning_number": 11},
    "storage": {"type": "memory", "path": "elsewhere", "durability": "interval",
                "interval_ms": 10},
    "log": {"level": "debug"},
    "limits": {"max_frame_bytes": 1024, "max_requests_in_flight": 1, "max_reply_bytes": 2048,
               "idle_timeout_ms": 3, "frame_timeout_ms": 4, "write_timeout_ms": 5,
               "linger_timeout_ms": 7, "max_waiting_questions": 8},
    "shutdown": {"grace_ms": 6}})";
  const Configuration config = good(parse_configuration(text));
  EXPECT_EQ(config.server.listeners.front().host, "::1");
  EXPECT_EQ(config.server.listeners.front().port, 0);
  EXPECT_EQ(config.server.threads, 3U);
  EXPECT_EQ(config.draw.agencies, 2U);
  EXPECT_EQ(config.draw.winning_number, 11U);
  EXPECT_EQ(config.storage.type, StorageType::kMemory);
  EXPECT_EQ(config.storage.file.path, "elsewhere");
  EXPECT_EQ(config.storage.file.durability, Durability::kInterval);
  EXPECT_EQ(config.storage.file.sync_interval.count(), 10);
  EXPECT_EQ(config.log_level, LogLevel::kDebug);
  EXPECT_EQ(config.server.limits.max_frame_bytes, 1024U);
  EXPECT_EQ(config.server.limits.max_requests_in_flight, 1U);
  EXPECT_EQ(config.server.limits.max_reply_bytes, 2048U);
  EXPECT_EQ(config.server.limits.idle_timeout.count(), 3);
  EXPECT_EQ(config.server.limits.frame_timeout.count(), 4);
  EXPECT_EQ(config.server.limits.write_timeout.count(), 5);
  EXPECT_EQ(config.server.limits.linger_timeout.count(), 7);
  EXPECT_EQ(config.max_waiting_questions, 8U);
  EXPECT_EQ(config.shutdown_grace.count(), 6);
}

TEST(ConfigurationTest, KeysLeftOutHaveTheirDefaults) {
  Configuration expected;
  expected.storage.file.path = "bets";
  const auto config = parse_configuration(R"({"storage": {"path": "bets"}})");
  EXPECT_EQ(to_json(good(config)), to_json(expected));
}

TEST(ConfigurationTest, WhatIsPrintedReadsBack) {
  const std::string printed = to_json(good(parse_configuration(with(R"("threads": 7)"))));
  EXPECT_EQ(to_json(good(parse_configuration(printed))), printed);
}

TEST(ConfigurationTest, TheShippedFileHasTheFixedKeys) {
  const Configuration config = good(load_configuration(SORTEO_SOURCE_DIR "/configs/server.json"));
  EXPECT_EQ(config.server.listeners.front().host, "127.0.0.1");
  EXPECT_EQ(config.server.listeners.front().port, 12345);
  EXPECT_EQ(config.server.threads, 0U);
  EXPECT_EQ(config.draw.agencies, 5U);
  EXPECT_EQ(config.draw.winning_number, 7574U);
  EXPECT_EQ(config.storage.type, StorageType::kFile);
  EXPECT_EQ(config.storage.file.path, "var/bets");
  EXPECT_EQ(config.storage.file.durability, Durability::kFsync);
  EXPECT_EQ(config.log_level, LogLevel::kInfo);
}

// Calls `see` with the pointer and the schema of every key that is no object, but for the list of
// listeners, which stands in place of another key and has tests of its own.
void for_each_leaf(const json& schema, const std::string& path,
                   const std::function<void(const std::string&, const json&)>& see) {
  for (const auto& [key, node] : schema["properties"].items()) {
    if (node["type"] == "object") {
      for_each_leaf(node, path + "/" + key, see);
    } else if (key != "listeners") {
      see(path + "/" + key, node);
    }
  }
}

// A value that the schema allows and that is not the default.
json other_value(const json& node) {
  if (node.contains("enum")) {
    return node["enum"].back();
  }
  if (node["type"] == "boolean") {
    return !node["default"].get<bool>();
  }
  if (node["type"] == "array") {
    return json::array({7});
  }
  return node["type"] == "integer" ? json(node["minimum"].get<int>() + 1) : json("x");
}

TEST(ConfigurationTest, EveryKeyOfTheSchemaIsRead) {
  for_each_leaf(config_schema(), "", [](const std::string& key, const json& node) {
    json document = {{"storage", {{"path", "bets"}}}};
    const json value = other_value(node);
    ASSERT_NE(value, node.value("default", json())) << key;
    document[json::json_pointer(key)] = value;
    const auto config = parse_configuration(document.dump());
    ASSERT_TRUE(config.has_value()) << key;
    EXPECT_EQ(json::parse(to_json(*config))[json::json_pointer(key)], value) << key;
  });
}

TEST(ConfigurationTest, DefaultsAreThoseOfTheSchema) {
  const json defaults = json::parse(to_json(Configuration{}));
  for_each_leaf(config_schema(), "", [&](const std::string& key, const json& node) {
    if (node.contains("default")) {
      EXPECT_EQ(defaults[json::json_pointer(key)], node["default"]) << key;
    }
  });
}

TEST(ConfigurationTest, EveryKeyThatIsReadIsInTheSchema) {
  Configuration config;
  config.storage.file.path = "bets";
  EXPECT_TRUE(parse_configuration(to_json(config)).has_value());
}

TEST(ConfigurationTest, ReadsListenersWithWhatTheyAskFor) {
  const Configuration config = good(parse_configuration(with(R"("listeners": [
      {"port": 7443, "host": "0.0.0.0", "security": "mutual_tls"}, {"port": 12345}])")));
  EXPECT_EQ(config.server.listeners,
            (std::vector<ListenerOptions>{
                {.host = "0.0.0.0", .port = 7443, .security = ListenerSecurity::kMutualTls},
                {.host = "127.0.0.1", .port = 12345, .security = ListenerSecurity::kPlain}}));
  EXPECT_EQ(to_json(good(parse_configuration(to_json(config)))), to_json(config));
}

TEST(ConfigurationTest, FaultsOfAListenerNameItsPlace) {
  EXPECT_THAT(faults_of(with(R"("listeners": [{"port": 1}, {"port": 70000, "hots": "x"},
                                              {"port": 2, "security": "mutual"}, {}])")),
              ElementsAre("listeners[1].hots: unknown key, did you mean \"listeners[1].host\"?",
                          "listeners[1].port: found 70000, expected an integer from 0 to 65535",
                          "listeners[2].security: found \"mutual\", expected \"plain\", \"tls\" or "
                          "\"mutual_tls\"",
                          "listeners[3].port: is missing, expected an integer from 0 to 65535"));
  EXPECT_THAT(faults_of(with(R"("listeners": [])")),
              ElementsAre("listeners: found an array, expected a list of 1 to 16 elements"));
}

TEST(ConfigurationTest, ListenAndListenersContradictEachOther) {
  EXPECT_THAT(faults_of(with(R"("listen": {"port": 1}, "listeners": [{"port": 2}])")),
              ElementsAre("listeners: stands beside listen, expected one of the two"));
}

TEST(ConfigurationTest, TwoListenersOnOneAddressContradictEachOther) {
  EXPECT_THAT(faults_of(with(R"("listeners": [{"port": 1}, {"port": 2}, {"port": 1}])")),
              ElementsAre("listeners[2]: has the host and port of listeners[0]"));
  EXPECT_THAT(faults_of(with(R"("listeners": [{"port": 0}, {"port": 0}])")), testing::IsEmpty());
}

TEST(ConfigurationTest, ChangedKeysAreNamed) {
  const Configuration before = good(parse_configuration(with(R"("threads": 1)")));
  EXPECT_THAT(changed_keys(before, before), testing::IsEmpty());
  const Configuration after = good(parse_configuration(with(R"("threads": 2,
      "agencies": {"disabled": [3, 4]}, "tls": {"crl": "x"}, "limits": {"idle_timeout_ms": 9},
      "listeners": [{"port": 1}, {"port": 2}])")));
  EXPECT_THAT(changed_keys(before, after),
              ElementsAre("agencies.disabled", "limits.idle_timeout_ms", "listen", "listeners",
                          "threads", "tls.crl"));
}

TEST(ConfigurationTest, AValueOfTheWrongType) {
  EXPECT_THAT(faults_of(with(R"("draw": {"agencies": "five"})")),
              ElementsAre("draw.agencies: found \"five\", expected an integer from 1 to "
                          "4294967295"));
}

TEST(ConfigurationTest, AFractionIsNoInteger) {
  EXPECT_THAT(faults_of(with(R"("threads": 1.5)")),
              ElementsAre("threads: found 1.5, expected an integer from 0 to 1024"));
}

TEST(ConfigurationTest, ANullIsNoInteger) {
  EXPECT_THAT(faults_of(with(R"("threads": null)")),
              ElementsAre("threads: found null, expected an integer from 0 to 1024"));
}

TEST(ConfigurationTest, ANumberOutOfRange) {
  EXPECT_THAT(faults_of(with(R"("listen": {"port": 70000})")),
              ElementsAre("listen.port: found 70000, expected an integer from 0 to 65535"));
  EXPECT_THAT(faults_of(with(R"("draw": {"agencies": 0})")),
              ElementsAre("draw.agencies: found 0, expected an integer from 1 to 4294967295"));
}

TEST(ConfigurationTest, ANumberOverEveryInteger) {
  EXPECT_THAT(faults_of(with(R"("listen": {"port": 18446744073709551615})")),
              ElementsAre("listen.port: found 18446744073709551615, expected an integer from 0 to "
                          "65535"));
  EXPECT_THAT(faults_of(with(R"("listen": {"port": 1e300})")),
              ElementsAre("listen.port: found 1e+300, expected an integer from 0 to 65535"));
}

TEST(ConfigurationTest, AWordThatIsNotAmongThoseAllowed) {
  EXPECT_THAT(
      faults_of(R"({"storage": {"path": "bets", "durability": "fsink"}})"),
      ElementsAre(
          "storage.durability: found \"fsink\", expected \"fsync\", \"interval\" or \"os\"; did "
          "you mean \"fsync\"?"));
  EXPECT_THAT(faults_of(with(R"("log": {"level": "verbose"})")),
              ElementsAre("log.level: found \"verbose\", expected \"debug\", \"info\", "
                          "\"warning\" or \"error\""));
}

TEST(ConfigurationTest, ATextThatIsEmpty) {
  EXPECT_THAT(faults_of(R"({"storage": {"path": ""}})"),
              ElementsAre("storage.path: found \"\", expected a text of 1 to 4000 characters"));
}

TEST(ConfigurationTest, ATextWithAControlCharacter) {
  EXPECT_THAT(faults_of(R"({"storage": {"path": "a\u0000b"}})"),
              ElementsAre("storage.path: found \"a\\x00b\", expected a text without control "
                          "characters"));
}

TEST(ConfigurationTest, AnObjectWhereAValueShouldBe) {
  EXPECT_THAT(faults_of(with(R"("threads": {"count": 2})")),
              ElementsAre("threads: found an object, expected an integer from 0 to 1024"));
}

TEST(ConfigurationTest, AValueWhereAnObjectShouldBe) {
  EXPECT_THAT(faults_of(with(R"("draw": 5)")), ElementsAre("draw: found 5, expected an object"));
  EXPECT_THAT(faults_of("[]"), ElementsAre("found an array, expected an object"));
}

TEST(ConfigurationTest, AnUnknownKeySuggestsTheNearest) {
  EXPECT_THAT(faults_of(with(R"("draw": {"wining_number": 1})")),
              ElementsAre("draw.wining_number: unknown key, did you mean "
                          "\"draw.winning_number\"?"));
}

TEST(ConfigurationTest, AKnownKeyInTheWrongPlaceSuggestsTheRightOne) {
  EXPECT_THAT(faults_of(with(R"("port": 1)")),
              ElementsAre("port: unknown key, did you mean \"listen.port\"?"));
  EXPECT_THAT(faults_of(with(R"("draw": {"threads": 1})")),
              ElementsAre("draw.threads: unknown key, did you mean \"threads\"?"));
}

TEST(ConfigurationTest, AnUnknownKeyLikeNoOtherListsThoseThatAre) {
  EXPECT_THAT(faults_of(with(R"("draw": {"colour": 1})")),
              ElementsAre("draw.colour: unknown key, expected \"agencies\" or "
                          "\"winning_number\""));
}

TEST(ConfigurationTest, AMissingKeyIsNamed) {
  EXPECT_THAT(faults_of("{}"), ElementsAre("storage: is missing, expected an object"));
  EXPECT_THAT(faults_of(R"({"storage": {"type": "file"}})"),
              ElementsAre("storage.path: is missing, expected a text of 1 to 4000 characters"));
}

TEST(ConfigurationTest, MemoryNeedsNoPath) {
  EXPECT_TRUE(parse_configuration(R"({"storage": {"type": "memory"}})").has_value());
}

TEST(ConfigurationTest, AKeyGivenTwice) {
  EXPECT_THAT(faults_of(with(R"("listen": {"port": 1, "host": "::1", "port": 2})")),
              ElementsAre("listen.port: is given twice"));
}

TEST(ConfigurationTest, TheSameKeyInTwoObjectsIsNotTwice) {
  EXPECT_THAT(faults_of(with(R"("a": [{"b": 1}, {"b": 2}])")),
              ElementsAre(StartsWith("a: unknown key")));
}

TEST(ConfigurationTest, EverythingWrongIsReportedAtOnce) {
  EXPECT_THAT(faults_of(R"({"listen": {"port": -1, "hots": ""}, "threads": true, "threads": 1,
                            "storage": {}})"),
              ElementsAre("threads: is given twice",
                          "listen.hots: unknown key, did you mean \"listen.host\"?",
                          "listen.port: found -1, expected an integer from 0 to 65535",
                          "storage.path: is missing, expected a text of 1 to 4000 characters"));
}

TEST(ConfigurationTest, ASyntaxErrorTellsLineAndColumn) {
  EXPECT_THAT(faults_of("{\n  \"threads\": 1,\n}"),
              ElementsAre(StartsWith("line 3, column 1: syntax error")));
  EXPECT_THAT(faults_of("{\n  \"threads\" 1}"),
              ElementsAre(StartsWith("line 2, column 13: syntax error")));
}

TEST(ConfigurationTest, AFileThatEndsTooEarly) {
  EXPECT_THAT(faults_of("{\n"), ElementsAre(AllOf(StartsWith("line 2, column 1: "),
                                                  HasSubstr("unexpected end of input"))));
  EXPECT_THAT(faults_of(""), ElementsAre(StartsWith("line 1, column 1: ")));
}

TEST(ConfigurationTest, WhatAFileHoldsCannotForgeALine) {
  EXPECT_THAT(faults_of(with(R"("log": {"level": "x\naction: y"})")),
              ElementsAre(HasSubstr("found \"x\\x0Aaction: y\"")));
  EXPECT_THAT(faults_of(with(R"("a\nb": 1)")), ElementsAre(StartsWith("a\\x0Ab: unknown key")));
}

TEST(ConfigurationTest, TextThatIsNotUtf8IsASyntaxError) {
  EXPECT_THAT(faults_of("{\"\xFF\": 1}"), ElementsAre(StartsWith("line 1, column 3: ")));
}

TEST(ConfigurationTest, AFileThatIsNotThere) {
  const auto result = load_configuration("/nonexistent/server.json");
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().at(0).message(), "cannot be read: No such file or directory");
}

TEST(ConfigurationTest, ADirectoryIsNoFile) {
  const auto result = load_configuration("/usr");
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().at(0).message(), "cannot be read: Is a directory");
}

TEST(ConfigurationTest, AnEndlessFileIsRefused) {
  const auto result = load_configuration("/dev/zero");
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().at(0).message(), "is larger than 1 MiB, which no configuration is");
}

}  // namespace
}  // namespace sorteo
