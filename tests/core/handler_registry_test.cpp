#include "core/handler_registry.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace sorteo {
namespace {

class NamedHandler final : public Handler {
 public:
  explicit NamedHandler(std::string name) : name_(std::move(name)) {}

  std::string_view name() const noexcept override { return name_; }
  void handle(const Request&, Responder) override {}

 private:
  const std::string name_;
};

std::unique_ptr<Handler> named(std::string name) {
  return std::make_unique<NamedHandler>(std::move(name));
}

// What `add` complains of; empty when it does not.
std::string complaint(HandlerRegistry& registry, std::uint8_t type,
                      std::unique_ptr<Handler> handler) {
  try {
    registry.add(type, std::move(handler));
    return {};
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(HandlerRegistryTest, FindsWhatWasAdded) {
  HandlerRegistry registry;
  auto handler = named("BatchBet");
  const Handler* const added = handler.get();
  registry.add(1, std::move(handler));
  EXPECT_EQ(registry.find(1), added);
}

TEST(HandlerRegistryTest, UnknownTypeIsNull) {
  HandlerRegistry registry;
  registry.add(1, named("BatchBet"));
  for (unsigned type = 0; type < 256; ++type) {
    if (type != 1) {
      EXPECT_EQ(registry.find(static_cast<std::uint8_t>(type)), nullptr) << type;
    }
  }
}

TEST(HandlerRegistryTest, TypeTakenTwiceNamesBothHandlers) {
  HandlerRegistry registry;
  registry.add(2, named("Consulta"));
  EXPECT_EQ(complaint(registry, 2, named("Other")),
            "message type 2 is served by Consulta and cannot be given to Other as well");
  EXPECT_EQ(registry.find(2)->name(), "Consulta");
}

TEST(HandlerRegistryTest, NullIsNoHandler) {
  HandlerRegistry registry;
  EXPECT_EQ(complaint(registry, 0x80, nullptr), "message type 128 was given no handler");
  EXPECT_EQ(registry.find(0x80), nullptr);
}

TEST(HandlerRegistryTest, EveryTypeHasASlotOfItsOwn) {
  HandlerRegistry registry;
  for (unsigned type = 0; type < 256; ++type) {
    registry.add(static_cast<std::uint8_t>(type), named(std::to_string(type)));
  }
  for (unsigned type = 0; type < 256; ++type) {
    EXPECT_EQ(registry.find(static_cast<std::uint8_t>(type))->name(), std::to_string(type));
  }
}

}  // namespace
}  // namespace sorteo
