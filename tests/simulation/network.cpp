#include "tests/simulation/network.hpp"

#include <algorithm>
#include <utility>

namespace sorteo::simulation {

void Connection::send(End from, std::string_view bytes) {
  Side& to = side(other(from));
  if (to.is_over || to.is_broken || to.is_silent || to.end_travels) {
    return;
  }
  to.travelling.append(bytes);
  move(other(from));
}

void Connection::finish(End end) {
  Side& to = side(other(end));
  to.end_travels = true;
  move(other(end));
}

void Connection::reset(End end) {
  Side& here = side(end);
  here.peer = nullptr;
  here.is_over = true;
  here.arrived.clear();
  tell_broken(other(end));
}

void Connection::silence() noexcept {
  for (Side& each : sides_) {
    each.is_silent = true;
  }
}

// Sees to it that what travels towards `to` arrives.
void Connection::move(End to) {
  Side& here = side(to);
  if (here.is_moving || here.is_over || here.is_broken || here.is_silent ||
      (here.travelling.empty() && !here.end_travels)) {
    return;
  }
  here.is_moving = true;
  network_.scheduler().after(network_.delay(),
                             [self = shared_from_this(), to] { self->arrive(to); });
}

void Connection::arrive(End to) {
  Side& here = side(to);
  here.is_moving = false;
  if (here.is_over || here.is_broken || here.is_silent) {
    return;
  }
  Chance& chance = network_.chance();
  if (chance.happens(network_.faults.resets, 1000)) {
    break_both();
    return;
  }
  if (chance.happens(network_.faults.silences, 1000)) {
    here.is_silent = true;
    return;
  }
  if (here.travelling.empty()) {
    here.is_over = true;
    if (here.peer != nullptr) {
      here.peer->ended();
    }
    return;
  }
  const std::size_t count =
      std::min<std::size_t>(here.travelling.size(), chance.between(1, network_.faults.most_chunk));
  here.arrived.append(here.travelling, 0, count);
  here.travelling.erase(0, count);
  move(to);
  if (here.peer != nullptr) {
    here.peer->received();
  }
}

void Connection::break_both() {
  tell_broken(End::kClient);
  tell_broken(End::kServer);
}

// What had arrived and was not taken is lost, too, as the system throws it away at a reset.
void Connection::tell_broken(End end) {
  Side& here = side(end);
  if (here.is_broken || here.is_silent) {
    return;
  }
  here.is_broken = true;
  here.travelling.clear();
  network_.scheduler().after(network_.delay(), [self = shared_from_this(), end] {
    Side& there = self->side(end);
    there.arrived.clear();
    if (there.peer != nullptr) {
      there.peer->broken();
    }
  });
}

void Network::connect(std::size_t address, Opened opened) {
  if (chance_.happens(faults.lost_connects, 1000)) {
    return;
  }
  const bool is_refused = address != kServer || chance_.happens(faults.refused_connects, 1000);
  scheduler_.after(delay(), [this, is_refused, opened = std::move(opened)] {
    if (is_refused || !accept_) {
      opened(nullptr);
      return;
    }
    auto connection = std::make_shared<Connection>(*this, ++connections_);
    accept_(connection);
    scheduler_.after(delay(), [connection = std::move(connection), opened] { opened(connection); });
  });
}

}  // namespace sorteo::simulation
