#include "handlers/append_reply.hpp"

#include <exception>

namespace sorteo {

Reply append_reply(boost::system::error_code error) noexcept {
  try {
    return error ? error_reply(error.message()) : ok_reply();
  } catch (const std::exception&) {
    return error_reply("INTERNAL");  // so short that it needs no memory
  }
}

}  // namespace sorteo
