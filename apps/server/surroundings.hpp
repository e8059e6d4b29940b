#pragma once

#include <string>
#include <vector>

#include "apps/server/configuration.hpp"

namespace sorteo {

/// What the machine says of a configuration that is right by itself.
struct Surroundings {
  ConfigFaults faults;                ///< for which the server must not start
  std::vector<std::string> warnings;  ///< one sentence each
};

/// Looks whether the files of TLS can be used, and whether a listener lets in everybody who can
/// reach an address that is not this machine's own. A name is resolved for that; one that cannot be
/// is no fault here, for listening on it will tell.
Surroundings look_around(const Configuration& configuration);

}  // namespace sorteo
