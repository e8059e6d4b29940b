#include "apps/cli/server_options.hpp"

#include <algorithm>

namespace sorteo::cli {

client::Options connection_options(const ServerOptions& options) {
  client::Options how;
  how.host = options.servers.front().host;
  how.port = options.servers.front().port;
  for (auto other = options.servers.begin() + 1; other != options.servers.end(); ++other) {
    how.alternates.push_back({other->host, other->port});
  }
  how.agency = options.agency;
  how.protocol = options.protocol;
  how.connect_timeout = std::min(how.connect_timeout, options.answer_timeout);
  how.answer_timeout = options.answer_timeout;
  return how;
}

}  // namespace sorteo::cli
