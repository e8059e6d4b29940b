#include "apps/server/service.hpp"

#include <utility>

#include "handlers/batch_bet_handler.hpp"
#include "handlers/bet_handler.hpp"
#include "handlers/consulta_handler.hpp"
#include "storage/memory_bet_store.hpp"

namespace sorteo {
namespace {

HandlerRegistry make_handlers(BetStore& store, Draw& draw, Log& log) {
  const auto type = [](MessageType value) { return static_cast<std::uint8_t>(value); };
  HandlerRegistry handlers;
  handlers.add(type(MessageType::kBet), std::make_unique<BetHandler>(store, log));
  handlers.add(type(MessageType::kBatchBet), std::make_unique<BatchBetHandler>(store, log));
  handlers.add(type(MessageType::kConsulta), std::make_unique<ConsultaHandler>(store, draw, log));
  return handlers;
}

LogLine describe(const BetStore& store) {
  const StoreState& state = store.recovered();
  return LogLine("open_store", "success")
      .with("batches", state.batches)
      .with("bets", state.bets)
      .with("finished", state.finished.size())
      .with("draw", state.winning_number ? "held" : "open");
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
  log.write(LogLevel::kInfo, describe(*store)
                                 .with("durability", word_of(options.file.durability))
                                 .with("path", options.file.path)
                                 .str());
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
      handlers_(make_handlers(*store_, draw_, log)),
      server_(configuration.server, handlers_, log) {}

Service::~Service() { stop(std::chrono::milliseconds(0)); }

std::optional<std::string> Service::start() {
  warn_of_another_number();
  draw_.resume();
  return server_.start();
}

bool Service::stop(std::chrono::milliseconds grace) {
  if (std::exchange(stopped_, true)) {
    return true;
  }
  // The store's last callbacks use the draw and answer through the server, so both stay until it is
  // closed; and it may set the draw off, so the background ends after it.
  close_server(grace);
  const bool closed = close_store();
  background_.stop();
  log_.write(LogLevel::kInfo, LogLine("close_background", "success").str());
  return closed;
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
