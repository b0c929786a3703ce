// HttpServer: the service's read-only HTTP: GET and HEAD of a fixed list of routes, none of which
// maps to a file. One request a connection; its first line and headers are limited in size, all of
// it in time, its body is refused, and of too many connections the oldest is closed, so that
// no client keeps others from an answer, or a stop from its end. Ranges are ignored. A Host or
// Origin that is not loopback is refused, so that a web page cannot read it through a browser.
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
#include "env/clock.hpp"

namespace sluice {

struct HttpResponse {
  int status = 200;
  std::string content_type;
  std::string body;
};

struct HttpRoute {
  // The whole path; or, with a slash at its end, what stands before a name, which the handler is
  // given.
  std::string path;
  std::function<HttpResponse(const std::string& name)> handler;
};

class HttpServer {
 public:
  static Result<std::unique_ptr<HttpServer>> start(const ListenAddress& address,
                                                   std::vector<HttpRoute> routes,
                                                   const Clock& clock);
  // Closes every connection and joins the threads; waits for handlers, for no client.
  ~HttpServer();

  // With the port that the system chose.
  const ListenAddress& address() const;

 private:
  class Implementation;
  explicit HttpServer(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sluice
