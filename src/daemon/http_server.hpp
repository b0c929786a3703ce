// HttpServer: the service's read-only HTTP: GET and HEAD of a fixed list of routes, none of which
// maps to a file. Requests are limited in size, every wait for a client in time, connections in
// number: more than are served at once wait to be accepted. A Host or Origin that is not loopback
// is refused, so that a web page cannot read it through a browser.
//
// Handlers run on the server's own threads, several at a time, from start() until stop(). Errors
// come from start() only: the address is in use or may not be bound.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "daemon/listen_address.hpp"

namespace sluice {

struct HttpResponse {
  int status = 200;
  std::string content_type;
  std::string body;
};

struct HttpRoute {
  // A regular expression for the whole path, with one group at most, which the handler is given.
  std::string pattern;
  std::function<HttpResponse(const std::string& group)> handler;
};

class HttpServer {
 public:
  static Result<std::unique_ptr<HttpServer>> start(const ListenAddress& address,
                                                   std::vector<HttpRoute> routes);
  // Stops answering and joins the threads.
  ~HttpServer();

  // With the port that the system chose.
  const ListenAddress& address() const;

 private:
  class Implementation;
  explicit HttpServer(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sluice
