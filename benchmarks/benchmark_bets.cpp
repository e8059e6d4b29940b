#include "benchmarks/benchmark_bets.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "core/batch.hpp"

namespace sorteo::benchmarks {
namespace {

constexpr std::string_view kFirstNames[] = {
    "Santiago",  "Agustin", "Tiago",    "Camila",   "Diego",    "Lionel",      "Emanuel",
    "Nicolás",   "Rocio",   "Juan",     "Ana",      "Valentín", "Lucía",       "Martina",
    "Joaquín",   "Sofía",   "Mateo",    "Bautista", "Catalina", "Benjamin",    "Thiago",
    "Francisco", "Brenda",  "Milagros", "Luz",      "Sol",      "Maximiliano", "Zoe",
    "Abril",     "Daniel",  "Ulises",   "Antonella"};
constexpr std::string_view kLastNames[] = {
    "Lorca",    "Zambrano", "Rivera", "Varela",  "Mamani", "Paz",      "Quiroga", "Ledesma",
    "González", "Díaz",     "Pérez",  "Rojas",   "Sosa",   "Romero",   "Acosta",  "Benitez",
    "Medina",   "Herrera",  "Suarez", "Aguirre", "Godoy",  "Ríos",     "Nuñez",   "Cabrera",
    "Molina",   "Castro",   "Ortiz",  "Silva",   "Luna",   "Fernando", "Vega",    "Ojeda"};
constexpr std::string_view kAccented[] = {"José María", "Ángel Martín", "Íñigo", "Begoña Inés",
                                          "Núñez",      "Ibáñez Güell", "Óscar", "Señorán"};

// The standard's distributions differ between libraries; this does not.
class Random final {
 public:
  std::size_t below(std::size_t end) { return engine_() % end; }
  template <std::size_t kSize>
  std::string one_of(const std::string_view (&words)[kSize]) {
    return std::string(words[below(kSize)]);
  }

 private:
  std::mt19937 engine_{7574};
};

std::string date(Random& random) {
  char text[16];
  std::snprintf(text, sizeof text, "%04u-%02u-%02u", static_cast<unsigned>(1940 + random.below(65)),
                static_cast<unsigned>(1 + random.below(12)),
                static_cast<unsigned>(1 + random.below(28)));
  return text;
}

Bet with_names(std::string first_name, std::string last_name, Random& random) {
  return {std::move(first_name), std::move(last_name),
          std::to_string(20'000'000 + random.below(25'000'000)), date(random),
          std::to_string(1 + random.below(9999))};
}

std::vector<Bet> read_bets(const char* path) {
  std::ifstream file(path);
  std::vector<Bet> bets;
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    std::istringstream fields(line);
    Bet bet;
    for (const auto member :
         {&Bet::first_name, &Bet::last_name, &Bet::document, &Bet::birthdate, &Bet::number}) {
      std::getline(fields, bet.*member, ',');
    }
    if (find_bad_field(bet.view())) {
      throw std::runtime_error(std::string(path) + ": not a bet: " + line);
    }
    bets.push_back(std::move(bet));
  }
  if (bets.empty()) {
    throw std::runtime_error(std::string(path) + ": no bets in it, or it cannot be read");
  }
  return bets;
}

}  // namespace

std::vector<Bet> benchmark_bets(std::size_t count) {
  std::vector<Bet> bets;
  if (const char* path = std::getenv("SORTEO_BENCHMARK_BETS")) {
    const std::vector<Bet> given = read_bets(path);
    while (bets.size() < count) {
      bets.push_back(given[bets.size() % given.size()]);
    }
    return bets;
  }
  Random random;
  while (bets.size() < count) {
    std::string first_name = random.one_of(kFirstNames);
    if (random.below(10) < 7) {
      first_name += ' ' + random.one_of(kFirstNames);
    }
    bets.push_back(with_names(std::move(first_name), random.one_of(kLastNames), random));
  }
  return bets;
}

std::vector<Bet> accented_bets(std::size_t count) {
  std::vector<Bet> bets;
  Random random;
  while (bets.size() < count) {
    bets.push_back(with_names(random.one_of(kAccented), random.one_of(kAccented), random));
  }
  return bets;
}

std::vector<std::string> packets_of(const std::vector<Bet>& bets, std::size_t size) {
  std::vector<std::string> batches;
  for (std::size_t at = 0; at < bets.size(); ++at) {
    if (at % size == 0) {
      batches.emplace_back();
    }
    append_packet(batches.back(), bets[at].view());
  }
  return batches;
}

}  // namespace sorteo::benchmarks
