#include "tests/support/simulated_tree.hpp"

#include <algorithm>
#include <cerrno>
#include <sstream>

namespace sorteo::test {
namespace {

boost::system::error_code posix(int error) { return {error, boost::system::system_category()}; }

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  std::istringstream rest(path);
  for (std::string part; std::getline(rest, part, '/');) {
    if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  return parts;
}

}  // namespace

SimulatedTree::SimulatedTree() : root_(std::make_shared<Directory>()) {}

boost::system::result<SimulatedTree::DirectoryPtr> SimulatedTree::directory(
    const std::string& path) const {
  DirectoryPtr at = root_;
  for (const std::string& part : parts_of(path)) {
    const auto found = at->names.find(part);
    if (found == at->names.end()) {
      return posix(ENOENT);
    }
    if (found->second.directory == nullptr) {
      return posix(ENOTDIR);
    }
    at = found->second.directory;
  }
  return at;
}

boost::system::result<SimulatedTree::Place> SimulatedTree::place(const std::string& path) const {
  const std::vector<std::string> parts = parts_of(path);
  if (parts.empty()) {
    return posix(EISDIR);
  }
  std::string above;
  for (std::size_t index = 0; index + 1 < parts.size(); ++index) {
    above += parts[index] + "/";
  }
  auto holder = directory(above);
  if (holder.has_error()) {
    return holder.error();
  }
  return Place{*holder, parts.back()};
}

void SimulatedTree::apply(const Step& step, Names Directory::*names) {
  if (step.appears) {
    (*step.appears->directory.*names)[step.appears->name] = step.node;
  }
  if (step.vanishes) {
    Names& from = *step.vanishes->directory.*names;
    const auto found = from.find(step.vanishes->name);
    if (found != from.end() && found->second == step.node) {
      from.erase(found);
    }
  }
}

void SimulatedTree::take(Step step) {
  apply(step, &Directory::names);
  waiting_.push_back(std::move(step));
}

boost::system::result<SimulatedTree::FilePtr> SimulatedTree::find(const std::string& path) const {
  const auto at = place(path);
  if (at.has_error()) {
    return at.error();
  }
  const auto found = at->directory->names.find(at->name);
  if (found == at->directory->names.end()) {
    return posix(ENOENT);
  }
  if (found->second.file == nullptr) {
    return posix(EISDIR);
  }
  return found->second.file;
}

boost::system::result<SimulatedTree::FilePtr> SimulatedTree::make_file(const std::string& path) {
  auto found = find(path);
  if (found.has_value() || found.error() != posix(ENOENT)) {
    return found;
  }
  auto at = place(path);
  if (at.has_error()) {
    return at.error();
  }
  auto file = std::make_shared<SimulatedInode>();
  take({{file, nullptr}, std::move(*at), std::nullopt});
  return file;
}

SimulatedTree::Error SimulatedTree::make_directory(const std::string& path) {
  auto at = place(path);
  if (at.has_error()) {
    return at.error() == posix(EISDIR) ? posix(EEXIST) : at.error();
  }
  if (at->directory->names.contains(at->name)) {
    return posix(EEXIST);
  }
  take({{nullptr, std::make_shared<Directory>()}, std::move(*at), std::nullopt});
  return {};
}

SimulatedTree::Error SimulatedTree::rename(const std::string& from, const std::string& to) {
  auto source = place(from);
  auto target = place(to);
  if (source.has_error() || target.has_error()) {
    return source.has_error() ? source.error() : target.error();
  }
  const auto moved = source->directory->names.find(source->name);
  if (moved == source->directory->names.end()) {
    return posix(ENOENT);
  }
  const Node node = moved->second;
  const auto replaced = target->directory->names.find(target->name);
  if (replaced != target->directory->names.end()) {
    if (replaced->second == node) {
      return {};
    }
    if (node.directory != nullptr || replaced->second.directory != nullptr) {
      return posix(node.directory == nullptr ? EISDIR : ENOTDIR);
    }
  }
  take({node, std::move(*target), std::move(*source)});
  return {};
}

SimulatedTree::Error SimulatedTree::remove(const std::string& path) {
  auto at = place(path);
  if (at.has_error()) {
    return at.error();
  }
  const auto found = at->directory->names.find(at->name);
  if (found == at->directory->names.end()) {
    return posix(ENOENT);
  }
  if (found->second.file == nullptr) {
    return posix(EISDIR);
  }
  const Node node = found->second;
  take({node, std::nullopt, std::move(*at)});
  return {};
}

// Makes durable what the sync of `synced` does of `step`, and takes it out of the step.
void SimulatedTree::settle(Step& step, const DirectoryPtr& synced) {
  const bool of_source = step.vanishes && step.vanishes->directory == synced;
  const bool of_target = step.appears && step.appears->directory == synced;
  if (!of_source && !of_target) {
    return;
  }
  // The name that vanishes is never durable before the one that appears.
  Step settled = step;
  step.appears.reset();
  if (of_source) {
    step.vanishes.reset();
  } else {
    settled.vanishes.reset();
  }
  apply(settled, &Directory::durable);
}

SimulatedTree::Error SimulatedTree::sync_directory(const std::string& path) {
  const auto synced = directory(path);
  if (synced.has_error()) {
    return synced.error();
  }
  for (Step& step : waiting_) {
    settle(step, *synced);
  }
  std::erase_if(waiting_, [](const Step& step) { return !step.appears && !step.vanishes; });
  return {};
}

boost::system::result<std::vector<std::string>> SimulatedTree::list(const std::string& path) const {
  const auto listed = directory(path);
  if (listed.has_error()) {
    return listed.error();
  }
  std::vector<std::string> names;
  for (const auto& [name, node] : (*listed)->names) {
    names.push_back(name);
  }
  return names;
}

void SimulatedTree::collect(const Directory& directory, const std::string& prefix,
                            std::map<std::string, FilePtr>& files) {
  for (const auto& [name, node] : directory.names) {
    if (node.file != nullptr) {
      files[prefix + name] = node.file;
    } else {
      collect(*node.directory, prefix + name + "/", files);
    }
  }
}

std::map<std::string, SimulatedTree::FilePtr> SimulatedTree::files() const {
  std::map<std::string, FilePtr> files;
  collect(*root_, "", files);
  return files;
}

void SimulatedTree::put(const std::string& path, std::string content) {
  const std::vector<std::string> parts = parts_of(path);
  DirectoryPtr at = root_;
  for (std::size_t index = 0; index + 1 < parts.size(); ++index) {
    Node& node = at->names[parts[index]];
    if (node.directory == nullptr) {
      node = {nullptr, std::make_shared<Directory>()};
    }
    at->durable[parts[index]] = node;
    at = node.directory;
  }
  const Node file{std::make_shared<SimulatedInode>(std::move(content)), nullptr};
  at->names[parts.back()] = file;
  at->durable[parts.back()] = file;
}

void SimulatedTree::forget_lost(Directory& directory) {
  directory.names = directory.durable;
  for (auto& [name, node] : directory.names) {
    if (node.directory != nullptr) {
      forget_lost(*node.directory);
    }
  }
}

void SimulatedTree::cut_power(SeededRandom& random, unsigned survival) {
  const bool in_order = random.chance(50);
  const std::size_t beginning = random.below(waiting_.size() + 1);
  for (std::size_t index = 0; index < waiting_.size(); ++index) {
    Step& step = waiting_[index];
    if (in_order ? index >= beginning : !random.chance(survival)) {
      continue;
    }
    if (step.vanishes && step.appears && step.vanishes->directory != step.appears->directory &&
        random.chance(25)) {
      step.vanishes.reset();
    }
    apply(step, &Directory::durable);
  }
  waiting_.clear();
  forget_lost(*root_);
}

}  // namespace sorteo::test
