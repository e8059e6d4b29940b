#include "tests/house/include_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/house/source_tree.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::filesystem::path kSourceDir = SORTEO_SOURCE_DIR;

// What check_includes says of one file with one include.
std::vector<std::string> said_of(const std::string& file, const std::string& include) {
  TemporaryDirectory tree;
  tree.write(file, "#include " + include + "\n");
  return check_includes(tree.path());
}

TEST(IncludeRulesTest, TheProjectKeepsThem) {
  EXPECT_THAT(check_includes(kSourceDir), IsEmpty());
  EXPECT_GT(source_files(kSourceDir / "core").size(), 15U);
  EXPECT_GT(source_files(kSourceDir / "handlers").size(), 5U);
}

TEST(IncludeRulesTest, TheHeadersOfTheSdkShowNoLibrary) {
  EXPECT_THAT(check_public_headers(kSourceDir), IsEmpty());
}

TEST(IncludeRulesTest, GroundFloorIncludesOnlyItself) {
  EXPECT_THAT(said_of("core/a.cpp", "\"core/bet.hpp\""), IsEmpty());
  for (const std::string folder :
       {"storage", "handlers", "transport", "client_sdk", "apps", "tests", "examples"}) {
    EXPECT_THAT(said_of("core/a.cpp", "\"" + folder + "/b.hpp\""),
                ElementsAre("core/a.cpp:1: core may not include " + folder));
  }
}

TEST(IncludeRulesTest, NoArrowRunsSidewaysOrUp) {
  const std::vector<std::string> first_floor = {"storage", "handlers", "transport", "client_sdk"};
  for (const std::string& from : first_floor) {
    EXPECT_THAT(said_of(from + "/a.hpp", "\"" + from + "/b.hpp\""), IsEmpty());
    EXPECT_THAT(said_of(from + "/a.hpp", "\"core/log.hpp\""), IsEmpty());
    for (const std::string to :
         {"storage", "handlers", "transport", "client_sdk", "apps", "tests"}) {
      if (to != from) {
        EXPECT_THAT(said_of(from + "/a.hpp", "\"" + to + "/b.hpp\""),
                    ElementsAre(from + "/a.hpp:1: " + from + " may not include " + to));
      }
    }
  }
}

TEST(IncludeRulesTest, TheRoofIncludesAllButTests) {
  for (const std::string folder :
       {"core", "storage", "handlers", "transport", "client_sdk", "apps"}) {
    EXPECT_THAT(said_of("apps/server/a.cpp", "\"" + folder + "/b.hpp\""), IsEmpty());
    EXPECT_THAT(said_of("tests/a/a.cpp", "\"" + folder + "/b.hpp\""), IsEmpty());
  }
  EXPECT_THAT(said_of("apps/server/a.cpp", "\"tests/support/b.hpp\""),
              ElementsAre("apps/server/a.cpp:1: apps may not include tests"));
}

TEST(IncludeRulesTest, BracketsAndTheInstalledPathHideNothing) {
  EXPECT_THAT(said_of("core/a.cpp", "<storage/b.hpp>"),
              ElementsAre("core/a.cpp:1: core may not include storage"));
  EXPECT_THAT(said_of("core/a.cpp", "<sorteo/storage/b.hpp>"),
              ElementsAre("core/a.cpp:1: core may not include storage"));
}

TEST(IncludeRulesTest, IncludesGoFromTheRoot) {
  for (const std::string path : {"b.hpp", "../storage/b.hpp", "detail/b.hpp"}) {
    EXPECT_THAT(
        said_of("core/a.cpp", '"' + path + '"'),
        ElementsAre("core/a.cpp:1: \"" + path + "\" is not a path from the project's root"));
  }
}

TEST(IncludeRulesTest, CoreAndHandlersKnowNoSocketNoFileNoThread) {
  for (const std::string folder : {"core", "handlers"}) {
    for (const std::string header : {"vector", "mutex", "cstdint", "boost/system/result.hpp"}) {
      EXPECT_THAT(said_of(folder + "/a.cpp", "<" + header + ">"), IsEmpty()) << header;
    }
    for (const std::string header : {"boost/asio.hpp", "sys/socket.h", "unistd.h", "thread",
                                     "fstream", "filesystem", "nlohmann/json.hpp"}) {
      EXPECT_THAT(
          said_of(folder + "/a.cpp", "<" + header + ">"),
          ElementsAre(folder + "/a.cpp:1: " + folder + " may not include <" + header + ">"));
    }
  }
}

TEST(IncludeRulesTest, StorageKnowsNoNetworkAndNoMessage) {
  EXPECT_THAT(said_of("storage/a.cpp", "<unistd.h>"), IsEmpty());
  EXPECT_THAT(said_of("storage/a.cpp", "<xxhash.h>"), IsEmpty());
  EXPECT_THAT(said_of("storage/a.cpp", "<boost/asio/post.hpp>"),
              ElementsAre("storage/a.cpp:1: storage may not include <boost/asio/post.hpp>"));
  EXPECT_THAT(said_of("storage/a.cpp", "\"core/message.hpp\""),
              ElementsAre("storage/a.cpp:1: storage may not know core/message.hpp"));
}

TEST(IncludeRulesTest, TransportKnowsNoBet) {
  for (const std::string header :
       {"core/bet.hpp", "core/batch.hpp", "core/bet_store.hpp", "core/draw.hpp"}) {
    EXPECT_THAT(said_of("transport/a.cpp", '"' + header + '"'),
                ElementsAre("transport/a.cpp:1: transport may not know " + header));
  }
}

TEST(IncludeRulesTest, EveryFileAndEveryLineIsRead) {
  TemporaryDirectory tree;
  tree.write("core/deep/down/a.hpp",
             "#pragma once\n\n#include <vector>\n  #  include \"storage/b.hpp\"\n");
  tree.write("core/b.cpp", "#include\"apps/c.hpp\" // why\n");
  tree.write("core/notes.txt", "#include \"apps/c.hpp\"\n");
  EXPECT_THAT(check_includes(tree.path()),
              ElementsAre("core/b.cpp:1: core may not include apps",
                          "core/deep/down/a.hpp:4: core may not include storage"));
}

TEST(IncludeRulesTest, WhatThePublicHeadersIncludeIsPublic) {
  TemporaryDirectory tree;
  tree.write("client_sdk/client.hpp", "#include \"client_sdk/options.hpp\"\n");
  tree.write("client_sdk/options.hpp", "#include \"core/bet.hpp\"\n#include <spdlog/spdlog.h>\n");
  tree.write("core/bet.hpp", "#include \"client_sdk/client.hpp\"\n#include <nlohmann/json.hpp>\n");
  tree.write("client_sdk/connection.hpp", "#include <boost/asio/io_context.hpp>\n");
  EXPECT_THAT(check_public_headers(tree.path()),
              ElementsAre("client_sdk/options.hpp:2: a public header of client_sdk may not show "
                          "<spdlog/spdlog.h>",
                          "core/bet.hpp:2: a public header of client_sdk may not show "
                          "<nlohmann/json.hpp>"));
}

}  // namespace
}  // namespace sorteo::test
