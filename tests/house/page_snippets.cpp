#include "tests/house/page_snippets.hpp"

#include <algorithm>

#include "tests/house/source_tree.hpp"

namespace sorteo::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFence = "```";

// Empty lines are never further in.
bool is_further_in(const std::string& line, const std::string& wanted, const std::string& blanks) {
  return wanted.empty() ? line.empty() : line == blanks + wanted;
}

bool holds_at(const std::vector<std::string>& text, std::size_t from, const Snippet& snippet) {
  const std::string& first = text[from];
  if (!first.ends_with(snippet.lines.front())) {
    return false;
  }
  const std::string blanks = first.substr(0, first.size() - snippet.lines.front().size());
  if (blanks.find_first_not_of(' ') != std::string::npos) {
    return false;
  }
  for (std::size_t at = 0; at < snippet.lines.size(); ++at) {
    if (!is_further_in(text[from + at], snippet.lines[at], blanks)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::vector<Snippet> read_snippets(const fs::path& page) {
  std::vector<Snippet> snippets;
  bool inside = false;
  const std::vector<std::string> lines = read_lines(page);
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const std::string& line = lines[at];
    if (line.starts_with(kFence)) {
      if (!inside) {
        snippets.push_back({at + 1, line.substr(kFence.size()), {}});
      }
      inside = !inside;
    } else if (inside) {
      snippets.back().lines.push_back(line);
    }
  }
  return snippets;
}

bool holds(const std::vector<std::string>& text, const Snippet& snippet) {
  if (snippet.lines.empty()) {
    return false;
  }
  for (std::size_t from = 0; from + snippet.lines.size() <= text.size(); ++from) {
    if (holds_at(text, from, snippet)) {
      return true;
    }
  }
  return false;
}

std::vector<std::string> check_snippets(const fs::path& page, const fs::path& folder) {
  std::vector<std::vector<std::string>> texts;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      texts.push_back(read_lines(entry.path()));
    }
  }
  std::vector<std::string> wrong;
  for (const Snippet& snippet : read_snippets(page)) {
    const bool code = snippet.language == "cpp" || snippet.language == "cmake";
    const bool found = std::any_of(texts.begin(), texts.end(),
                                   [&](const auto& text) { return holds(text, snippet); });
    if (code && !found) {
      wrong.push_back(page.filename().string() + ":" + std::to_string(snippet.line) +
                      ": not in a file of " + folder.filename().string());
    }
  }
  return wrong;
}

}  // namespace sorteo::test
