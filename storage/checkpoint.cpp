#include "storage/checkpoint.hpp"

#include <xxhash.h>

#include "core/payload_reader.hpp"

namespace sorteo {
namespace {

constexpr std::string_view kMagic = "\xFESORTCP\n";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kChecksumBytes = 8;

template <typename Map>
std::uint64_t count_used(const Map& map, bool (*is_used)(const typename Map::mapped_type&)) {
  std::uint64_t count = 0;
  for (const auto& entry : map) {
    count += is_used(entry.second) ? 1 : 0;
  }
  return count;
}

// What is only on its way leaves entries without a content.
bool is_used(const Ledger::Agency& agency) { return agency.bets > 0 || agency.has_finished; }
bool is_used(const Ledger::Session& session) { return session.durable > 0; }

void append_sessions(std::string& to, const Ledger& ledger) {
  append_u64(to, count_used(ledger.sessions, &is_used));
  for (const auto& [sender, session] : ledger.sessions) {
    if (!is_used(session)) {
      continue;
    }
    append_u32(to, sender.first);
    to.append(as_text(sender.second.bytes));
    append_u64(to, session.durable);
    append_u64(to, session.last);
    append_u64(to, session.last_refused);
    for (const std::uint64_t mark : session.marks) {
      append_u64(to, mark);
    }
  }
}

bool read_sessions(PayloadReader& reader, Ledger& ledger) {
  const std::uint64_t count = reader.u64();
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    Ledger::Sender sender;
    sender.first = reader.u32();
    const ByteView id = reader.take(sender.second.bytes.size());
    std::copy(id.begin(), id.end(), sender.second.bytes.begin());
    Ledger::Session& session = ledger.sessions[sender];
    session.durable = reader.u64();
    session.last = reader.u64();
    session.last_refused = reader.u64();
    const std::uint64_t marks = session.durable / Ledger::Session::kStride;
    if (!reader.ok() || marks > reader.rest().size() / sizeof(std::uint64_t)) {
      return false;
    }
    for (std::uint64_t mark = 0; mark < marks; ++mark) {
      session.marks.push_back(reader.u64());
    }
  }
  return reader.ok();
}

void read_agencies(PayloadReader& reader, Ledger& ledger) {
  const std::uint32_t count = reader.u32();
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    const std::uint32_t number = reader.u32();
    ledger.agencies[number].bets = reader.u64();
  }
  const std::uint32_t finished = reader.u32();
  for (std::uint32_t i = 0; i < finished && reader.ok(); ++i) {
    const std::uint32_t number = reader.u32();
    ledger.finish(number, ledger.agencies[number]);
  }
}

}  // namespace

std::string encode_checkpoint(std::uint64_t log_id, const LogPosition& at, const Ledger& ledger) {
  std::string to(kMagic);
  append_u32(to, kVersion);
  append_u32(to, 0);
  append_u64(to, log_id);
  append_u64(to, at.segment);
  append_u64(to, at.base);
  append_u64(to, at.previous);
  append_u64(to, ledger.records);
  append_u64(to, ledger.batches);
  append_u64(to, ledger.bets);
  append_u32(to, ledger.draw ? 1 : 0);
  const Ledger::Draw draw = ledger.draw.value_or(Ledger::Draw());
  append_u32(to, draw.winning_number);
  append_u64(to, draw.offset);
  append_u64(to, draw.checksum);
  for (std::uint64_t segment = 0; segment + 1 < at.segment; ++segment) {
    append_u64(to, ledger.bases[static_cast<std::size_t>(segment)]);
  }
  append_u32(to, static_cast<std::uint32_t>(count_used(ledger.agencies, &is_used)));
  for (const auto& [number, agency] : ledger.agencies) {
    if (is_used(agency)) {
      append_u32(to, number);
      append_u64(to, agency.bets);
    }
  }
  append_u32(to, static_cast<std::uint32_t>(ledger.finished.size()));
  for (const std::uint32_t agency : ledger.finished) {
    append_u32(to, agency);
  }
  append_sessions(to, ledger);
  append_u64(to, XXH3_64bits(to.data(), to.size()));
  return to;
}

std::optional<Checkpoint> decode_checkpoint(ByteView bytes) {
  if (bytes.size() < kMagic.size() + kChecksumBytes ||
      load_u64(bytes.data() + bytes.size() - kChecksumBytes) !=
          XXH3_64bits(bytes.data(), bytes.size() - kChecksumBytes)) {
    return std::nullopt;
  }
  PayloadReader reader(bytes.first(bytes.size() - kChecksumBytes));
  const bool is_known = as_text(reader.take(kMagic.size())) == kMagic && reader.u32() == kVersion &&
                        reader.u32() == 0;
  Checkpoint read;
  read.log_id = reader.u64();
  read.at.segment = reader.u64();
  read.at.base = reader.u64();
  read.at.previous = reader.u64();
  read.ledger.records = reader.u64();
  read.ledger.batches = reader.u64();
  read.ledger.bets = reader.u64();
  const bool has_draw = reader.u32() != 0;
  Ledger::Draw draw;
  draw.winning_number = reader.u32();
  draw.offset = reader.u64();
  draw.checksum = reader.u64();
  if (has_draw) {
    read.ledger.draw = draw;
  }
  if (!is_known || !reader.ok() || read.at.segment == 0 ||
      read.at.segment - 1 > reader.rest().size() / sizeof(std::uint64_t)) {
    return std::nullopt;
  }
  for (std::uint64_t segment = 0; segment + 1 < read.at.segment; ++segment) {
    read.ledger.bases.push_back(reader.u64());
  }
  read_agencies(reader, read.ledger);
  if (!read_sessions(reader, read.ledger) || !reader.ended()) {
    return std::nullopt;
  }
  return read;
}

}  // namespace sorteo
