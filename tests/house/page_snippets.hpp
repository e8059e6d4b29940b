#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace sorteo::test {

/// A fenced block of a Markdown page.
struct Snippet {
  std::size_t line;                ///< of its fence, from 1
  std::string language;            ///< what stands behind the fence
  std::vector<std::string> lines;  ///< without the fences
};

/// Every fenced block of `page`.
std::vector<Snippet> read_snippets(const std::filesystem::path& page);

/// Whether `text` holds the lines of `snippet` one behind the other, all of them further in by the
/// same blanks.
bool holds(const std::vector<std::string>& text, const Snippet& snippet);

/// The C++ and CMake blocks of `page` that no file in `folder` holds: `page.md:12: not in
/// <folder>`. Other blocks, as what is typed at a prompt, are passed over.
std::vector<std::string> check_snippets(const std::filesystem::path& page,
                                        const std::filesystem::path& folder);

}  // namespace sorteo::test
