#pragma once

#include <string>

#include "tests/simulation/bet_maker.hpp"
#include "tests/simulation/model.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/transcript.hpp"

namespace sorteo::simulation {

/// What clients live in.
struct ClientSurroundings {
  Network& network;
  Model& model;
  BetMaker& bets;
  Transcript& transcript;
};

/// A program that talks to the server. Acts by events of its own once it is started.
class Client {
 public:
  virtual ~Client() = default;

  virtual void start() = 0;
  /// Whether it has done everything that it wanted to.
  virtual bool is_done() const = 0;
  /// The program dies, and is run again after a while.
  virtual void crash() = 0;
  /// The faults have ended: what it does only to disturb, it does no more.
  virtual void calm() {}
  /// How far it is, for a person.
  virtual std::string describe() const = 0;
};

}  // namespace sorteo::simulation
