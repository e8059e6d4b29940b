#include "tests/house/page_snippets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "tests/support/temporary_directory.hpp"

namespace sorteo::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::filesystem::path kSourceDir = SORTEO_SOURCE_DIR;

class PageSnippetsTest : public testing::Test {
 protected:
  std::vector<std::string> said_of(const std::string& page) {
    return check_snippets(tree_.write("page.md", page), tree_ / "code");
  }

  void code(const std::string& text) { tree_.write("code/a.cpp", text); }

 private:
  TemporaryDirectory tree_;
};

TEST(WritingAHandlerTest, ThePageShowsTheCodeThatIsBuilt) {
  const auto page = kSourceDir / "docs" / "writing-a-handler.md";
  EXPECT_THAT(check_snippets(page, kSourceDir / "examples" / "handler"), IsEmpty());
  const auto snippets = read_snippets(page);
  EXPECT_GE(std::count_if(snippets.begin(), snippets.end(),
                          [](const Snippet& snippet) { return snippet.language == "cpp"; }),
            5);
}

TEST_F(PageSnippetsTest, SnippetThatIsInAFileIsGood) {
  code("int a;\n\nint f() {\n  return 1;\n}\n");
  EXPECT_THAT(said_of("Text\n```cpp\nint f() {\n  return 1;\n}\n```\nMore\n"), IsEmpty());
}

TEST_F(PageSnippetsTest, SnippetMayBeFurtherOutThanTheCode) {
  code("void f() {\n  if (a) {\n    b();\n\n    c();\n  }\n}\n");
  EXPECT_THAT(said_of("```cpp\nif (a) {\n  b();\n\n  c();\n}\n```\n"), IsEmpty());
}

TEST_F(PageSnippetsTest, SnippetThatDiffersIsNamed) {
  code("int f() {\n  return 1;\n}\n");
  EXPECT_THAT(said_of("Text\n```cpp\nint f() {\n  return 2;\n}\n```\n"),
              ElementsAre("page.md:2: not in a file of code"));
  EXPECT_THAT(said_of("```cpp\nint f() {\n    return 1;\n}\n```\n"),
              ElementsAre("page.md:1: not in a file of code"));
  EXPECT_THAT(said_of("```cpp\nf() {\n  return 1;\n}\n```\n"),
              ElementsAre("page.md:1: not in a file of code"));
}

TEST_F(PageSnippetsTest, LinesLeftOutAreADifference) {
  code("a();\nb();\nc();\n");
  EXPECT_THAT(said_of("```cpp\na();\nc();\n```\n"),
              ElementsAre("page.md:1: not in a file of code"));
}

TEST_F(PageSnippetsTest, EmptySnippetIsInNoFile) {
  code("a();\n");
  EXPECT_THAT(said_of("```cpp\n```\n"), ElementsAre("page.md:1: not in a file of code"));
}

TEST_F(PageSnippetsTest, OtherLanguagesArePassedOver) {
  code("a();\n");
  EXPECT_THAT(said_of("```console\n$ ls\n```\n```cmake\nb()\n```\n"),
              ElementsAre("page.md:4: not in a file of code"));
}

}  // namespace
}  // namespace sorteo::test
