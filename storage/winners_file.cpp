#include "storage/winners_file.hpp"

#include <xxhash.h>

#include "core/payload_reader.hpp"

namespace sorteo {
namespace {

constexpr std::string_view kMagic = "\xFESORTWN\n";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kChecksumBytes = 8;

}  // namespace

std::string encode_winners_file(std::uint64_t log_id, const Ledger::Draw& draw,
                                const WinnersByAgency& winners) {
  std::string to(kMagic);
  append_u32(to, kVersion);
  append_u32(to, draw.winning_number);
  append_u64(to, log_id);
  append_u64(to, draw.offset);
  append_u64(to, draw.checksum);
  append_u32(to, static_cast<std::uint32_t>(winners.size()));
  for (const auto& [agency, documents] : winners) {
    append_u32(to, agency);
    append_u32(to, static_cast<std::uint32_t>(documents.size()));
    for (const std::uint32_t document : documents) {
      append_u32(to, document);
    }
  }
  append_u64(to, XXH3_64bits(to.data(), to.size()));
  return to;
}

std::optional<WinnersByAgency> decode_winners_file(ByteView bytes, std::uint64_t log_id,
                                                   const Ledger::Draw& draw) {
  if (bytes.size() < kMagic.size() + kChecksumBytes ||
      load_u64(bytes.data() + bytes.size() - kChecksumBytes) !=
          XXH3_64bits(bytes.data(), bytes.size() - kChecksumBytes)) {
    return std::nullopt;
  }
  PayloadReader reader(bytes.first(bytes.size() - kChecksumBytes));
  const bool is_known = as_text(reader.take(kMagic.size())) == kMagic && reader.u32() == kVersion;
  Ledger::Draw found;
  found.winning_number = reader.u32();
  const bool is_of_log = reader.u64() == log_id;
  found.offset = reader.u64();
  found.checksum = reader.u64();
  if (!is_known || !is_of_log || found != draw) {
    return std::nullopt;
  }
  WinnersByAgency winners;
  const std::uint32_t agencies = reader.u32();
  for (std::uint32_t i = 0; i < agencies && reader.ok(); ++i) {
    const std::uint32_t agency = reader.u32();
    const std::uint32_t count = reader.u32();
    auto& documents = winners[agency];
    for (std::uint32_t j = 0; j < count && reader.ok(); ++j) {
      documents.push_back(reader.u32());
    }
  }
  return reader.ended() ? std::optional(std::move(winners)) : std::nullopt;
}

}  // namespace sorteo
