#include "tests/simulation/server_process.hpp"

#include <algorithm>
#include <utility>

#include "handlers/await_winners_handler.hpp"
#include "handlers/batch_bet_handler.hpp"
#include "handlers/bet_handler.hpp"
#include "handlers/consulta_handler.hpp"
#include "handlers/finish_handler.hpp"
#include "handlers/hello_handler.hpp"
#include "handlers/once_batch_handler.hpp"
#include "handlers/ping_handler.hpp"
#include "tests/simulation/bet_maker.hpp"

namespace sorteo::simulation {
namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 10ms;
constexpr std::uint32_t kMaxFrameBytes = 4096;

template <typename Served>
void add(HandlerRegistry& handlers, MessageType type, Served served) {
  handlers.add(static_cast<std::uint8_t>(type), std::move(served));
}

}  // namespace

ServerProcess::ServerProcess(const ServerOptions& options, std::unique_ptr<BetStore> store,
                             std::function<bool()> pump, Surroundings surroundings)
    : options_(options),
      surroundings_(std::move(surroundings)),
      chance_(surroundings_.chance),
      store_(options.disguise ? options.disguise(std::move(store)) : std::move(store)),
      pump_(std::move(pump)),
      draw_(
          {options.agencies, BetMaker::kWinningNumber}, *store_,
          [this](std::function<void()> task) {
            background_.push_back(std::move(task));
            work_soon();
          },
          surroundings_.log),
      room_({options.max_waiting, 4}, draw_, surroundings_.log),
      connection_surroundings_{surroundings_.network.scheduler(),
                               surroundings_.transcript,
                               surroundings_.model,
                               handlers_,
                               {},
                               surroundings_.is_running,
                               [this] { work_soon(); }} {
  Log& log = surroundings_.log;
  const auto window = static_cast<std::uint32_t>(options.max_requests_in_flight);
  connection_surroundings_.limits.max_requests_in_flight = window;
  connection_surroundings_.limits.max_frame_bytes = kMaxFrameBytes;
  connection_surroundings_.limits.idle_timeout = 500ms;
  add(handlers_, MessageType::kBet, std::make_unique<BetHandler>(*store_, gate_, log));
  add(handlers_, MessageType::kBatchBet, std::make_unique<BatchBetHandler>(*store_, gate_, log));
  add(handlers_, MessageType::kConsulta,
      std::make_unique<ConsultaHandler>(*store_, draw_, gate_, log));
  add(handlers_, MessageType::kHello,
      std::make_unique<HelloHandler>(
          HelloOptions{kMaxFrameBytes, BetMaker::kMostBytes, window, "fsync", 0, "simulated"},
          *store_, draw_, gate_, log));
  add(handlers_, MessageType::kOnceBatch, std::make_unique<OnceBatchHandler>(*store_, gate_, log));
  add(handlers_, MessageType::kFinish, std::make_unique<FinishHandler>(*store_, draw_, gate_, log));
  add(handlers_, MessageType::kAwaitWinners,
      std::make_unique<AwaitWinnersHandler>(
          room_, draw_, gate_, log, [this] { return surroundings_.network.scheduler().now(); }));
  add(handlers_, MessageType::kPing, std::make_unique<PingHandler>(log));
  draw_.on_held([this] { room_.release(); });
}

ServerProcess::~ServerProcess() {
  *is_alive_ = false;
  surroundings_.network.listen({});
  for (const auto& connection : connections_) {
    connection->cut(false);
  }
  room_.close();
  // What waits in the store is called back while the draw still lives.
  static_cast<void>(store_->close());
}

void ServerProcess::start() {
  draw_.resume();
  surroundings_.network.listen(
      [this](std::shared_ptr<Connection> connection) { accept(std::move(connection)); });
  after(kTick, &ServerProcess::tick);
  work_soon();
}

void ServerProcess::accept(std::shared_ptr<Connection> connection) {
  connections_.push_back(ServerConnection::open(std::move(connection), connection_surroundings_));
}

void ServerProcess::after(Scheduler::Duration delay, void (ServerProcess::*what)()) {
  surroundings_.network.scheduler().after(delay, [this, what, is_alive = is_alive_] {
    if (*is_alive && surroundings_.is_running()) {
      (this->*what)();
    }
  });
}

void ServerProcess::work_soon() {
  if (!is_work_due_) {
    is_work_due_ = true;
    after(chance_.time_between(10us, options_.most_pause), &ServerProcess::work);
  }
}

// What the store's writer and the background do in threads of their own.
void ServerProcess::work() {
  is_work_due_ = false;
  bool did_something = false;
  if (!background_.empty() && chance_.happens(1, 2)) {
    run_background();
    did_something = true;
  } else {
    did_something = pump_();
  }
  if (did_something || !background_.empty()) {
    work_soon();
  }
  surroundings_.on_work();
}

void ServerProcess::run_background() {
  std::vector<std::function<void()>> tasks;
  tasks.swap(background_);
  for (const auto& task : tasks) {
    task();
  }
}

void ServerProcess::tick() {
  room_.sweep(surroundings_.network.scheduler().now());
  draw_.resume();
  for (const auto& connection : connections_) {
    connection->check_idle();
  }
  std::erase_if(connections_, [](const auto& connection) { return connection->is_over(); });
  after(kTick, &ServerProcess::tick);
}

void ServerProcess::vanish(bool is_silent) {
  for (const auto& connection : connections_) {
    if (is_silent) {
      connection->fall_silent();
    } else {
      connection->cut(chance_.happens(1, 2));
    }
  }
}

void ServerProcess::drain() {
  surroundings_.network.listen({});
  room_.close();
  for (const auto& connection : connections_) {
    connection->go_away();
  }
  work_soon();
}

bool ServerProcess::is_drained() const {
  return std::ranges::all_of(connections_,
                             [](const auto& connection) { return connection->is_over(); });
}

std::optional<StoreFailure> ServerProcess::close() { return store_->close(); }

}  // namespace sorteo::simulation
