#include "apps/server/service.hpp"

#include <algorithm>
#include <utility>

#include "core/version2.hpp"
#include "handlers/await_winners_handler.hpp"
#include "handlers/batch_bet_handler.hpp"
#include "handlers/bet_handler.hpp"
#include "handlers/consulta_handler.hpp"
#include "handlers/finish_handler.hpp"
#include "handlers/hello_handler.hpp"
#include "handlers/once_batch_handler.hpp"
#include "handlers/ping_handler.hpp"
#include "storage/memory_bet_store.hpp"

namespace sorteo {
namespace {

constexpr std::chrono::milliseconds kTick{100};  // how exact the deadlines of those who wait are
constexpr std::chrono::seconds kResumeAfter{5};  // a draw that has failed is tried again

// No store takes a larger batch, its header included.
constexpr std::size_t kMaxBatchBytes = 16'000'000;

HelloOptions describe_server(const Configuration& configuration) {
  const SessionLimits& limits = configuration.server.limits;
  const FileStoreOptions& file = configuration.storage.file;
  const bool is_kept = configuration.storage.type == StorageType::kFile;
  const bool has_interval = is_kept && file.durability == Durability::kInterval;
  return {
      .max_frame_bytes = static_cast<std::uint32_t>(limits.max_frame_bytes),
      .max_batch_bytes = static_cast<std::uint32_t>(
          std::min(limits.max_frame_bytes - v2::kOnceBatchHeaderBytes, kMaxBatchBytes)),
      .window = static_cast<std::uint32_t>(limits.max_requests_in_flight),
      .durability = std::string(is_kept ? word_of(file.durability) : "none"),
      .interval_ms = has_interval ? static_cast<std::uint32_t>(file.sync_interval.count()) : 0U,
      .server_version = SORTEO_VERSION,
  };
}

HandlerRegistry make_handlers(const Configuration& configuration, BetStore& store, Draw& draw,
                              WaitingRoom& waiting_room, AgencyGate& gate, Log& log) {
  HandlerRegistry handlers;
  const auto add = [&handlers](MessageType type, std::unique_ptr<Handler> handler) {
    handlers.add(static_cast<std::uint8_t>(type), std::move(handler));
  };
  add(MessageType::kBet, std::make_unique<BetHandler>(store, gate, log));
  add(MessageType::kBatchBet, std::make_unique<BatchBetHandler>(store, gate, log));
  add(MessageType::kConsulta, std::make_unique<ConsultaHandler>(store, draw, gate, log));
  add(MessageType::kHello,
      std::make_unique<HelloHandler>(describe_server(configuration), store, draw, gate, log));
  add(MessageType::kOnceBatch, std::make_unique<OnceBatchHandler>(store, gate, log));
  add(MessageType::kFinish, std::make_unique<FinishHandler>(store, draw, gate, log));
  add(MessageType::kAwaitWinners,
      std::make_unique<AwaitWinnersHandler>(waiting_room, draw, gate, log));
  add(MessageType::kPing, std::make_unique<PingHandler>(log));
  return handlers;
}

LogLine describe(const BetStore& store) {
  const StoreState& state = store.recovered();
  return LogLine("open_store", "success")
      .with("batches", state.batches)
      .with("bets", state.bets)
      .with("finished", state.finished.size())
      .with("draw", state.winning_number ? "held" : "open")
      .with("sessions", state.sessions);
}

}  // namespace

boost::system::result<std::unique_ptr<BetStore>, StoreFailure> open_store(
    const StorageOptions& options, Log& log) {
  if (options.type == StorageType::kMemory) {
    std::unique_ptr<BetStore> store = std::make_unique<MemoryBetStore>();
    log.write(LogLevel::kWarning, describe(*store)
                                      .with("durability", "none")
                                      .with("warning",
                                            "storage.type is memory: nothing survives "
                                            "the end of this process")
                                      .str());
    return store;
  }
  auto opened = FileBetStore::open(options.file, log);
  if (opened.has_error()) {
    return std::move(opened).error();
  }
  std::unique_ptr<BetStore> store = std::move(*opened);
  LogLine line = describe(*store);
  line.with("durability", word_of(options.file.durability));
  if (options.file.durability == Durability::kInterval) {
    line.with("interval_ms", options.file.sync_interval.count());
  }
  log.write(LogLevel::kInfo, line.with("path", options.file.path).str());
  return store;
}

Service::Service(const Configuration& configuration, std::unique_ptr<BetStore> store, Log& log)
    : configuration_(configuration),
      log_(log),
      store_(std::move(store)),
      background_(log),
      draw_(
          configuration.draw, *store_,
          [this](BackgroundRunner::Task task) { background_.post(std::move(task)); }, log),
      gate_(configuration.agencies),
      waiting_room_({.max_waiting = configuration.max_waiting_questions}, draw_, log),
      handlers_(make_handlers(configuration, *store_, draw_, waiting_room_, gate_, log)),
      server_(configuration.server, handlers_, log) {
  draw_.on_held([this] { waiting_room_.release(); });
}

std::optional<std::string> Service::change(const Configuration& configuration) {
  AgencyRules rules = configuration.agencies;  // all that needs memory comes before the change
  const auto is_disabled = [disabled = rules.disabled](const Peer& peer) {
    return peer.agencies && std::any_of(disabled.begin(), disabled.end(),
                                        [&](auto agency) { return peer.may_speak_for(agency); });
  };
  if (auto failure = server_.change({configuration.server.tls, configuration.server.limits})) {
    return failure;
  }
  gate_.change(std::move(rules));
  // Behind the gate's change: who comes back finds it closed.
  if (const std::size_t cut = server_.cut_sessions(is_disabled); cut > 0) {
    log_.write(LogLevel::kInfo, LogLine("close_sessions", "success")
                                    .with("cortadas", cut)
                                    .with("reason", "agencies.disabled")
                                    .str());
  }
  return std::nullopt;
}

Service::~Service() { stop(std::chrono::milliseconds(0)); }

std::optional<std::string> Service::start() {
  warn_of_another_number();
  draw_.resume();
  resume_at_ = WaitingRoom::Clock::now() + kResumeAfter;
  ticker_.emplace(kTick, [this] { tick(); });
  return server_.start();
}

bool Service::stop(std::chrono::milliseconds grace) {
  if (std::exchange(stopped_, true)) {
    return true;
  }
  // Those who wait for the draw do not hold up the rest, and nobody begins to wait any more.
  ticker_.reset();
  waiting_room_.close();
  // The store's last callbacks use the draw and answer through the server, so both stay until it is
  // closed; and it may set the draw off, so the background ends after it.
  close_server(grace);
  const bool closed = close_store();
  background_.stop();
  log_.write(LogLevel::kInfo, LogLine("close_background", "success").str());
  return closed;
}

void Service::tick() {
  const auto now = WaitingRoom::Clock::now();
  waiting_room_.sweep(now);
  if (now >= resume_at_) {
    resume_at_ = now + kResumeAfter;
    draw_.resume();
  }
}

void Service::warn_of_another_number() const {
  const auto recorded = store_->recovered().winning_number;
  if (recorded && *recorded != configuration_.draw.winning_number) {
    log_.write(LogLevel::kWarning, LogLine("winning_number", "fail")
                                       .with("configured", configuration_.draw.winning_number)
                                       .with("recorded", *recorded)
                                       .with("warning",
                                             "the draw was held with the recorded one, "
                                             "which stands")
                                       .str());
  }
}

// The server logs what it closes.
void Service::close_server(std::chrono::milliseconds grace) {
  if (!server_.drain(grace)) {
    log_.write(LogLevel::kWarning,
               LogLine("close_server", "fail")
                   .with("error", "requests without an answer were cut off after the grace")
                   .with("grace_ms", grace.count())
                   .str());
  }
}

bool Service::close_store() {
  if (const auto failure = store_->close()) {
    log_.write(LogLevel::kError,
               LogLine("close_store", "fail").with("error", failure->message).str());
    return false;
  }
  log_.write(LogLevel::kInfo, LogLine("close_store", "success").str());
  return true;
}

}  // namespace sorteo
