#include "tests/simulation/transcript.hpp"

#include <iomanip>
#include <ostream>

namespace sorteo::simulation {

void Transcript::write(const std::string& line) {
  *out_ << std::setw(12) << scheduler_.elapsed().count() << " us  " << line << '\n';
}

}  // namespace sorteo::simulation
