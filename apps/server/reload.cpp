#include "apps/server/reload.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "apps/server/surroundings.hpp"

namespace sorteo {
namespace {

constexpr std::array<std::string_view, 4> kSections = {"agencies.", "limits.", "log.", "tls."};

// Of these sections: what the Welcome has told clients, and how large the room of the waiting is.
constexpr std::array<std::string_view, 3> kFixed = {
    "limits.max_frame_bytes", "limits.max_requests_in_flight", "limits.max_waiting_questions"};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

std::string sentence_of(const ConfigFaults& faults) {
  std::vector<std::string> messages;
  for (const ConfigFault& fault : faults) {
    messages.push_back(fault.message());
  }
  return joined(messages);
}

}  // namespace

bool can_be_reloaded(const std::string& key) noexcept {
  if (std::find(kFixed.begin(), kFixed.end(), key) != kFixed.end()) {
    return false;
  }
  return key == "shutdown.grace_ms" ||
         std::any_of(kSections.begin(), kSections.end(),
                     [&key](std::string_view section) { return key.starts_with(section); });
}

void Reload::run() {
  auto next = load_configuration(path_);
  if (next.has_error()) {
    refuse(sentence_of(next.error()));
    return;
  }
  const std::vector<std::string> changed = changed_keys(running_, *next);
  std::vector<std::string> fixed;
  std::copy_if(changed.begin(), changed.end(), std::back_inserter(fixed),
               [](const std::string& key) { return !can_be_reloaded(key); });
  if (!fixed.empty()) {
    refuse("needs a restart: " + joined(fixed));
    return;
  }
  const Surroundings surroundings = look_around(*next);
  if (!surroundings.faults.empty()) {
    refuse(sentence_of(surroundings.faults));
    return;
  }
  if (const auto failure = service_.change(*next)) {
    refuse("tls: " + *failure);
    return;
  }
  set_level_(next->log_level);
  running_ = std::move(*next);
  log_.write(LogLevel::kInfo, LogLine("reload", "success")
                                  .with("file", path_)
                                  .with("changed", changed.empty() ? "nothing" : joined(changed))
                                  .str());
}

void Reload::refuse(const std::string& why) const {
  log_.write(LogLevel::kError, LogLine("reload", "fail")
                                   .with("file", path_)
                                   .with("error", why)
                                   .with("changed", "nothing")
                                   .str());
}

}  // namespace sorteo
