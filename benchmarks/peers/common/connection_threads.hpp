#pragma once

#include <functional>

namespace sorteo::peers {

/// Runs `work` for the connections 0 to `connections` - 1, each in a thread, and `meanwhile` in
/// this one. When a connection fails, that ends the process: what is measured with fewer would be
/// another thing.
void run_connections(unsigned connections, const std::function<void(unsigned)>& work,
                     const std::function<void()>& meanwhile);

}  // namespace sorteo::peers
