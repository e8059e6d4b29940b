#pragma once

#include <cstdint>

#include "tests/support/faulty_proxy.hpp"

namespace sorteo::test {

/// How a connection fares in a network that fails everywhere: sooner or later it is ended or reset,
/// or what goes one way is swallowed, each at any byte; and some connections are slow, or come in
/// pieces as small as a byte. The same for the same seed and number.
ProxyPlan lying_plan(std::uint64_t seed, std::uint64_t number);

}  // namespace sorteo::test
