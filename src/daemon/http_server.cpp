#include "daemon/http_server.hpp"

#include <httplib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <semaphore>
#include <thread>
#include <type_traits>
#include <utility>

namespace sluice {

namespace {

constexpr size_t most_connections = 8;       // served at once, each by a thread
constexpr int most_waiting = 128;            // in the kernel, to be accepted
constexpr size_t largest_body_bytes = 4096;  // of a request: none is read
constexpr time_t longest_wait_s = 2;         // for a client to send or take bytes

// What enqueue() returns: nothing in older versions of the library, true in newer ones.
template <class Enqueued>
Enqueued accepted() {
  if constexpr (!std::is_void_v<Enqueued>) return true;
}

// Takes no more connections than it has room for; the others wait to be accepted.
class BoundedQueue final : public httplib::TaskQueue {
 public:
  using Enqueued = decltype(std::declval<httplib::TaskQueue&>().enqueue({}));

  Enqueued enqueue(std::function<void()> serve) override {
    room_.acquire();
    pool_.enqueue([this, serve = std::move(serve)] {
      serve();
      room_.release();
    });
    return accepted<Enqueued>();
  }
  void shutdown() override { pool_.shutdown(); }

 private:
  std::counting_semaphore<most_connections> room_{most_connections};
  httplib::ThreadPool pool_{most_connections};
};

bool is_allowed_origin(const std::string& origin) {
  const size_t scheme_end = origin.find("://");
  return scheme_end != std::string::npos &&
         is_loopback_host(std::string_view(origin).substr(scheme_end + 3));
}

void answer(httplib::Response& response, const HttpResponse& content) {
  response.status = content.status;
  response.set_content(content.body, content.content_type.c_str());
}

// Everything that is refused before any route is looked at.
httplib::Server::HandlerResponse check_request(const httplib::Request& request,
                                               httplib::Response& response) {
  const auto refuse = [&response](int status, const char* why) {
    answer(response, {status, "text/plain", std::string(why) + "\n"});
    return httplib::Server::HandlerResponse::Handled;
  };
  if (request.get_header_value_count("Host") != 1 ||
      !is_loopback_host(request.get_header_value("Host"))) {
    return refuse(403, "the Host header must name this machine");
  }
  if (request.has_header("Origin") && !is_allowed_origin(request.get_header_value("Origin"))) {
    return refuse(403, "requests from other origins are refused");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    response.set_header("Allow", "GET, HEAD");
    return refuse(405, "the service is read-only");
  }
  return httplib::Server::HandlerResponse::Unhandled;
}

// Only one process may listen; the library's default would let a second one share the port.
void allow_quick_restart(int socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

// A process that was killed leaves its socket behind, and nobody answers at it.
void remove_dead_socket(const std::string& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return;
  const bool is_alive =
      connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(probe);
  if (!is_alive) unlink(path.c_str());
}

}  // namespace

class HttpServer::Implementation {
 public:
  Implementation(ListenAddress address, std::vector<HttpRoute> routes)
      : address_(std::move(address)) {
    server_.new_task_queue = [] { return new BoundedQueue; };  // the server deletes it
    server_.set_socket_options([this](int socket) {
      allow_quick_restart(socket);
      listening_socket_ = socket;
    });
    server_.set_keep_alive_max_count(1);
    server_.set_keep_alive_timeout(longest_wait_s);
    server_.set_payload_max_length(largest_body_bytes);
    server_.set_read_timeout(longest_wait_s);
    server_.set_write_timeout(longest_wait_s);
    server_.set_default_headers(
        {{"X-Content-Type-Options", "nosniff"}, {"Cache-Control", "no-store"}});
    server_.set_pre_routing_handler(check_request);
    for (HttpRoute& route : routes) {
      server_.Get(route.pattern, [handler = std::move(route.handler)](
                                     const httplib::Request& request, httplib::Response& response) {
        answer(response, handler(request.matches.size() > 1 ? request.matches[1].str() : ""));
      });
    }
  }

  ~Implementation() {
    server_.stop();
    if (thread_.joinable()) thread_.join();
    if (is_bound_ && address_.is_unix) unlink(address_.host.c_str());
  }

  Status start() {
    if (address_.is_unix) {
      server_.set_address_family(AF_UNIX);
      remove_dead_socket(address_.host);
      is_bound_ = server_.bind_to_port(address_.host, 1);  // the library wants some port
    } else if (address_.port == 0) {
      const int port = server_.bind_to_any_port(address_.host);
      is_bound_ = port > 0;
      if (is_bound_) address_.port = static_cast<uint16_t>(port);
    } else {
      is_bound_ = server_.bind_to_port(address_.host, address_.port);
    }
    if (!is_bound_) {
      return fail(ErrorCode::listen_failed,
                  "cannot listen at " + address_.text() + ": " + std::strerror(errno));
    }
    // The library lets five connections wait; the client of a sixth would try again for seconds.
    ::listen(listening_socket_, most_waiting);
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    // stop() before the loop has begun would be overlooked.
    while (!server_.is_running()) std::this_thread::yield();
    return {};
  }

  const ListenAddress& address() const { return address_; }

 private:
  ListenAddress address_;
  httplib::Server server_;
  std::thread thread_;
  bool is_bound_ = false;
  int listening_socket_ = -1;  // the library's
};

HttpServer::HttpServer(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

HttpServer::~HttpServer() = default;

const ListenAddress& HttpServer::address() const { return implementation_->address(); }

Result<std::unique_ptr<HttpServer>> HttpServer::start(const ListenAddress& address,
                                                      std::vector<HttpRoute> routes) {
  auto implementation = std::make_unique<Implementation>(address, std::move(routes));
  SLUICE_TRY(implementation->start());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(implementation)));
}

}  // namespace sluice
