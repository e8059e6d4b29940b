#pragma once

#include <cstdint>

#include "core/bytes.hpp"

namespace sorteo {

/// Takes Packets off the front of `packets` as long as each holds a good bet of the usual form, and
/// says how many: the fields in the order of their tags, 37 bytes at least; names of 28 bytes
/// together at most, in ASCII and the characters from U+00C0 to U+00FF; a document and a number of
/// at most 9 digits; not born on February 29. Nearly every bet is like this, and is judged in a few
/// nanoseconds.
///
/// Where it stops, `packets` is empty, or starts with what decode_bet() has to judge: good or bad,
/// this does not say. Reads nothing outside of `packets`. Thread-safe.
std::uint32_t take_usual_bets(ByteView& packets) noexcept;

/// The same, without the processor's vectors: take_usual_bets() where they are not known.
std::uint32_t take_usual_bets_plainly(ByteView& packets) noexcept;

}  // namespace sorteo
