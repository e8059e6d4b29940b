#include "tests/simulation/scheduler.hpp"

#include <algorithm>
#include <utility>

namespace sorteo::simulation {

void Scheduler::after(Duration delay, Event event) {
  heap_.push_back({now_ + delay, order_++, std::move(event)});
  std::push_heap(heap_.begin(), heap_.end(), later);
}

bool Scheduler::step() {
  if (heap_.empty()) {
    return false;
  }
  std::pop_heap(heap_.begin(), heap_.end(), later);
  Entry entry = std::move(heap_.back());
  heap_.pop_back();
  now_ = entry.time;
  ++steps_;
  entry.event();
  return true;
}

}  // namespace sorteo::simulation
