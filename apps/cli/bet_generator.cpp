#include "apps/cli/bet_generator.hpp"

#include <chrono>
#include <iterator>
#include <string>
#include <string_view>

namespace sorteo::cli {
namespace {

// A change of either list changes every generated file.
constexpr std::string_view kFirstNames[] = {
    "Abril",   "Agustín",  "Agustina",  "Alejo",     "Alma",    "Ámbar",  "Andrés",    "Ángel",
    "Antonia", "Bautista", "Belén",     "Benjamín",  "Bruno",   "Camila", "Carmen",    "Catalina",
    "César",   "Clara",    "Damián",    "Delfina",   "Diego",   "Elena",  "Emilia",    "Ernesto",
    "Facundo", "Federico", "Felipe",    "Francisco", "Gastón",  "Germán", "Guadalupe", "Héctor",
    "Ignacio", "Inés",     "Iñaki",     "Jazmín",    "Joaquín", "José",   "Juana",     "Julián",
    "Lautaro", "Leandro",  "Lola",      "Lucía",     "Luján",   "Malena", "Martín",    "Matías",
    "Mía",     "Micaela",  "Milagros",  "Nahuel",    "Nicolás", "Olivia", "Pilar",     "Ramiro",
    "Renata",  "Rocío",    "Sebastián", "Sofía",     "Tomás",   "Úrsula", "Valentín",  "Verónica",
};

constexpr std::string_view kLastNames[] = {
    "Acosta",    "Acuña",    "Agüero",    "Álvarez", "Arias",     "Ávalos", "Benítez",   "Blanco",
    "Bravo",     "Bustos",   "Cabrera",   "Cáceres", "Cardozo",   "Castro", "Córdoba",   "Correa",
    "Cruz",      "Díaz",     "Domínguez", "Escobar", "Espíndola", "Farías", "Fernández", "Ferreyra",
    "Figueroa",  "Franco",   "Funes",     "Gauna",   "Giménez",   "Godoy",  "Gómez",     "González",
    "Guzmán",    "Heredia",  "Ibáñez",    "Juárez",  "Ledesma",   "López",  "Luna",      "Maidana",
    "Maldonado", "Martínez", "Medina",    "Méndez",  "Molina",    "Moyano", "Muñoz",     "Navarro",
    "Núñez",     "Ojeda",    "Ortiz",     "Páez",    "Peralta",   "Pérez",  "Ponce",     "Quiroga",
    "Ramírez",   "Ríos",     "Rodríguez", "Sánchez", "Suárez",    "Toledo", "Vázquez",   "Yapura",
};

constexpr std::uint64_t kNumbers = 10'000;
constexpr std::uint64_t kTwoNamesIn = 3;  // one person in so many has two first names

constexpr std::chrono::sys_days kFirstBirth{std::chrono::year(1940) / 1 / 1};
constexpr std::chrono::sys_days kLastBirth{std::chrono::year(2006) / 12 / 31};
constexpr auto kBirthDays = static_cast<std::uint64_t>((kLastBirth - kFirstBirth).count()) + 1;

// Documents are given out in the order of births, more or less.
constexpr std::uint64_t kFirstDocument = 4'000'000;
constexpr std::uint64_t kDocumentsADay = 1'750;
constexpr std::uint64_t kDocumentSpread = 1'500'000;

template <std::size_t N>
std::string_view pick(SplitMix& random, const std::string_view (&names)[N]) {
  return names[random.below(N)];
}

std::string padded(unsigned value, std::size_t width) {
  std::string text = std::to_string(value);
  return std::string(width - text.size(), '0') + text;
}

std::string as_date(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return padded(static_cast<unsigned>(static_cast<int>(date.year())), 4) + '-' +
         padded(static_cast<unsigned>(date.month()), 2) + '-' +
         padded(static_cast<unsigned>(date.day()), 2);
}

std::string first_names(SplitMix& random) {
  std::string names(pick(random, kFirstNames));
  if (random.below(kTwoNamesIn) == 0) {
    names += ' ';
    names += pick(random, kFirstNames);
  }
  return names;
}

// Agencies' seeds lie far apart, also where seeds and agencies are small numbers.
std::uint64_t seed_of(std::uint64_t seed, std::uint32_t agency) {
  return SplitMix(seed).next() ^ SplitMix(~std::uint64_t{agency}).next();
}

}  // namespace

BetGenerator::BetGenerator(std::uint64_t seed, std::uint32_t agency) noexcept
    : random_(seed_of(seed, agency)) {}

Bet BetGenerator::next() {
  Bet bet;
  bet.first_name = first_names(random_);
  bet.last_name = pick(random_, kLastNames);
  const std::uint64_t birth = random_.below(kBirthDays);
  bet.document =
      std::to_string(kFirstDocument + birth * kDocumentsADay + random_.below(kDocumentSpread));
  bet.birthdate = as_date(kFirstBirth + std::chrono::days(birth));
  bet.number = std::to_string(random_.below(kNumbers));
  return bet;
}

}  // namespace sorteo::cli
