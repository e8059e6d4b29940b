#include "apps/cli/bet_rows.hpp"

#include <algorithm>
#include <charconv>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "apps/cli/csv_value.hpp"

namespace sorteo::cli {
namespace {

constexpr std::size_t kChunk = 32;

char* copy(char* to, std::string_view text) noexcept {
  return std::copy(text.begin(), text.end(), to);
}

// The next two copy what needs no quotes, and leave the rest, which is rare, to write_csv_value().
// The same loads look for what must be quoted and copy, whatever the length, if they may read so
// far: up to `end`. `to` has room for a chunk.
#if defined(__SSE2__)
bool may_load(std::string_view value, const char* end, std::size_t size) noexcept {
  return value.size() < size && end - value.data() >= static_cast<std::ptrdiff_t>(size);
}

unsigned first_bits(std::size_t count) noexcept { return (1U << count) - 1U; }

// Which of the 16 bytes make a value one that is quoted.
unsigned find_special(__m128i bytes) noexcept {
  const __m128i has_comma = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(','));
  const __m128i has_quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i has_return = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r'));
  const __m128i has_feed = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'));
  return static_cast<unsigned>(_mm_movemask_epi8(
      _mm_or_si128(_mm_or_si128(has_comma, has_quote), _mm_or_si128(has_return, has_feed))));
}

char* copy_name(char* to, std::string_view value, const char* end) noexcept {
  if (may_load(value, end, kChunk)) {
    const auto* const from = reinterpret_cast<const __m128i*>(value.data());
    const __m128i low = _mm_loadu_si128(from);
    const __m128i high = _mm_loadu_si128(from + 1);
    const unsigned special = find_special(low) | find_special(high) << 16;
    if ((special & first_bits(value.size())) == 0) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to), low);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to) + 1, high);
      return to + value.size();
    }
  }
  return write_csv_value(to, value);
}

// Digits and dashes lie above the comma, and all that is quoted does not.
char* copy_digits(char* to, std::string_view value, const char* end) noexcept {
  if (may_load(value, end, kChunk / 2)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(value.data()));
    const __m128i is_low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(',')), bytes);
    if ((static_cast<unsigned>(_mm_movemask_epi8(is_low)) & first_bits(value.size())) == 0) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
      return to + value.size();
    }
  }
  return write_csv_value(to, value);
}
#else
char* copy_name(char* to, std::string_view value, const char*) noexcept {
  return write_csv_value(to, value);
}

char* copy_digits(char* to, std::string_view value, const char*) noexcept {
  return write_csv_value(to, value);
}
#endif

// What the line of a bet may need beside its packet twice over: the agency, and quotes. The chunk
// that is stored last may reach behind the line.
constexpr std::size_t kMostBesideValues = 32 + kChunk;

}  // namespace

void BetRows::add(const Batch& batch) {
  const ByteView packets = batch.packets();
  make_room(2 * packets.size() + kMostBesideValues * (packets.size() / 4 + 1));
  const char* const end = as_text(packets).data() + packets.size();
  char agency[kChunk];
  const auto agency_size = static_cast<std::size_t>(
      std::to_chars(std::begin(agency), std::end(agency) - 1, batch.agency()).ptr - agency);
  agency[agency_size] = ',';
  const std::string_view start(agency, agency_size + 1);
  char* to = text_.get() + size_;
  for (const BetView& bet : batch) {
    to = copy(to, start);
    for (const std::string_view name : {bet.first_name, bet.last_name}) {
      to = copy_name(to, name, end);
      *to++ = ',';
    }
    for (const std::string_view digits : {bet.document, bet.birthdate}) {
      to = copy_digits(to, digits, end);
      *to++ = ',';
    }
    to = copy_digits(to, bet.number, end);
    *to++ = '\r';
    *to++ = '\n';
  }
  size_ = static_cast<std::size_t>(to - text_.get());
  bets_ += batch.size();
}

void BetRows::make_room(std::size_t bytes) {
  if (capacity_ - size_ >= bytes) {
    return;
  }
  const std::size_t capacity = std::max(size_ + bytes, 2 * capacity_);
  auto larger = std::make_unique_for_overwrite<char[]>(capacity);
  std::copy_n(text_.get(), size_, larger.get());
  text_ = std::move(larger);
  capacity_ = capacity;
}

}  // namespace sorteo::cli
