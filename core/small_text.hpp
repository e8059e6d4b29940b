#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sorteo {

/// Text, or bytes, that is kept in place up to `Capacity` bytes and allocates only beyond. For what
/// is made for each batch and is nearly always short. Not thread-safe.
template <std::size_t Capacity>
class SmallText final {
  static_assert(Capacity > 0 && Capacity < 256);

 public:
  SmallText() noexcept {}  // what `small_` holds beyond its size does not matter
  // Implicit, so that it is given what a std::string would be given.
  SmallText(std::string_view text) { append(text); }
  SmallText(const std::string& text) : SmallText(std::string_view(text)) {}
  SmallText(const char* text) : SmallText(std::string_view(text)) {}
  SmallText(std::string&& text) {
    if (text.size() > Capacity) {
      large_ = std::move(text);
    } else {
      append(text);
    }
  }

  /// Throws std::bad_alloc when it grows beyond `Capacity`; nothing is changed then.
  void append(std::string_view text) {
    if (text.size() <= Capacity - size_ && large_.empty()) {
      std::copy(text.begin(), text.end(), small_ + size_);  // not memcpy: there may be no text
      size_ = static_cast<unsigned char>(size_ + text.size());
    } else {
      append_to_large(text);
    }
  }

  std::string_view view() const noexcept {
    return large_.empty() ? std::string_view(small_, size_) : std::string_view(large_);
  }
  operator std::string_view() const noexcept { return view(); }
  std::size_t size() const noexcept { return view().size(); }
  bool empty() const noexcept { return view().empty(); }

  /// Compares with text of any kind.
  template <std::convertible_to<std::string_view> Text>
  friend bool operator==(const SmallText& a, const Text& b) noexcept {
    return a.view() == std::string_view(b);
  }

 private:
  void append_to_large(std::string_view text) {
    if (large_.empty()) {
      std::string large;
      large.reserve(size_ + text.size());
      large.append(small_, size_).append(text);
      large_ = std::move(large);
      size_ = 0;
    } else {
      large_.append(text);
    }
  }

  unsigned char size_ = 0;  // of what is in place; 0 when it is in `large_`
  char small_[Capacity];
  std::string large_;
};

}  // namespace sorteo
