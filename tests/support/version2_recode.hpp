#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/message.hpp"

namespace sorteo::test {

/// How the program reads and writes the payload of one type of version 2.
struct Recoder {
  MessageType type;
  /// What is read in `payload`, written again; nothing when it cannot be read.
  std::optional<std::string> (*recode)(ByteView payload);
};

/// Every type of version 2 whose payload has a form.
const std::vector<Recoder>& recoders();

}  // namespace sorteo::test
