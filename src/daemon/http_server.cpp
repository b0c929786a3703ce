#include "daemon/http_server.hpp"

#include <microhttpd.h>
#include <strings.h>
#include <unistd.h>

#include <cstring>
#include <exception>
#include <utility>

#include "daemon/client_limits.hpp"
#include "daemon/listening_socket.hpp"

namespace sluice {

namespace {

constexpr unsigned threads = 4;                     // that serve, each many clients
constexpr unsigned most_per_thread = 64;            // clients
constexpr size_t most_clients = 64;                 // of all threads
constexpr size_t request_bytes = size_t{16} << 10;  // first line and headers
constexpr int64_t longest_request_us = 5'000'000;

bool is_allowed_origin(std::string_view origin) {
  const size_t scheme_end = origin.find("://");
  return scheme_end != std::string_view::npos && is_loopback_host(origin.substr(scheme_end + 3));
}

struct CallerHeaders {
  int hosts = 0;
  std::string_view host;
  bool is_foreign = false;  // of a page from elsewhere
};

MHD_Result read_header(void* into, MHD_ValueKind, const char* name, const char* value) {
  auto& headers = *static_cast<CallerHeaders*>(into);
  const std::string_view text = value == nullptr ? "" : value;
  if (strcasecmp(name, "Host") == 0) {
    ++headers.hosts;
    headers.host = text;
  }
  if (strcasecmp(name, "Origin") == 0 && !is_allowed_origin(text)) headers.is_foreign = true;
  return MHD_YES;
}

HttpResponse refuse(int status, const std::string& why) {
  return {status, "text/plain", why + "\n"};
}

bool is_read(std::string_view method) { return method == "GET" || method == "HEAD"; }

HttpResponse respond(const std::vector<HttpRoute>& routes, std::string_view path) {
  for (const HttpRoute& route : routes) {
    if (path == route.path && !route.path.ends_with('/')) return route.handler("");
    if (!route.path.ends_with('/') || !path.starts_with(route.path)) continue;
    const std::string_view name = path.substr(route.path.size());
    if (!name.empty() && name.find('/') == std::string_view::npos)
      return route.handler(std::string(name));
  }
  return refuse(404, "there is nothing at this path");
}

// What the library calls with.
struct Call {
  std::string_view path;
  std::string_view method;
  size_t body_bytes = 0;
};

HttpResponse respond_to(MHD_Connection* connection, const std::vector<HttpRoute>& routes,
                        const Call& call) {
  CallerHeaders headers;
  MHD_get_connection_values(connection, MHD_HEADER_KIND, &read_header, &headers);
  if (headers.hosts != 1 || !is_loopback_host(headers.host))
    return refuse(403, "the Host header must name this machine");
  if (headers.is_foreign) return refuse(403, "requests from other origins are refused");
  if (!is_read(call.method)) return refuse(405, "the service is read-only");
  try {
    return respond(routes, call.path);
  } catch (const std::exception& exception) {
    return refuse(500, exception.what());
  }
}

MHD_Result send(MHD_Connection* connection, const HttpResponse& content) {
  MHD_Response* response = MHD_create_response_from_buffer(
      content.body.size(), const_cast<char*>(content.body.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) return MHD_NO;
  MHD_add_response_header(response, "Content-Type", content.content_type.c_str());
  MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  MHD_add_response_header(response, "Cache-Control", "no-store");
  MHD_add_response_header(response, "Connection", "close");
  if (content.status == 405) MHD_add_response_header(response, "Allow", "GET, HEAD");
  const MHD_Result queued =
      MHD_queue_response(connection, static_cast<unsigned>(content.status), response);
  MHD_destroy_response(response);
  return queued;
}

}  // namespace

class HttpServer::Implementation {
 public:
  Implementation(ListenAddress address, std::vector<HttpRoute> routes, const Clock& clock)
      : address_(std::move(address)),
        routes_(std::move(routes)),
        limits_(most_clients, longest_request_us, clock) {}

  ~Implementation() {
    if (daemon_ == nullptr) return;
    MHD_stop_daemon(daemon_);
    if (address_.is_unix) unlink(address_.host.c_str());
  }

  Status start() {
    SLUICE_ASSIGN(const int listening, open_listening_socket(address_));
    const MHD_AccessHandlerCallback serve_call =
        [](void* self, MHD_Connection* connection, const char* path, const char* method,
           const char* /*version*/, const char* /*body*/, size_t* body_bytes, void** has_headers) {
          return static_cast<Implementation*>(self)->serve(connection, {path, method, *body_bytes},
                                                           has_headers);
        };
    daemon_ = MHD_start_daemon(
        MHD_USE_POLL_INTERNAL_THREAD, 0, nullptr, nullptr, serve_call, this,
        MHD_OPTION_LISTEN_SOCKET, listening, MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_LIMIT, threads * most_per_thread, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        request_bytes, MHD_OPTION_NOTIFY_CONNECTION, &Implementation::notice, this, MHD_OPTION_END);
    if (daemon_ != nullptr) return {};
    close(listening);
    if (address_.is_unix) unlink(address_.host.c_str());
    return fail(ErrorCode::listen_failed, "cannot serve " + address_.text());
  }

  const ListenAddress& address() const { return address_; }

 private:
  // With the headers, with each part of a body, and at the end.
  MHD_Result serve(MHD_Connection* connection, const Call& call, void** has_headers) {
    if (call.body_bytes != 0) return MHD_NO;
    if (*has_headers == nullptr && is_read(call.method)) {
      *has_headers = this;
      return MHD_YES;
    }
    return send(connection, respond_to(connection, routes_, call));
  }

  static void notice(void* self, MHD_Connection* connection, void** /*context*/,
                     MHD_ConnectionNotificationCode what) {
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info == nullptr) return;
    ClientLimits& limits = static_cast<Implementation*>(self)->limits_;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
      limits.opened(info->connect_fd);
    } else {
      limits.closed(info->connect_fd);
    }
  }

  ListenAddress address_;
  const std::vector<HttpRoute> routes_;
  ClientLimits limits_;
  MHD_Daemon* daemon_ = nullptr;
};

HttpServer::HttpServer(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

HttpServer::~HttpServer() = default;

const ListenAddress& HttpServer::address() const { return implementation_->address(); }

Result<std::unique_ptr<HttpServer>> HttpServer::start(const ListenAddress& address,
                                                      std::vector<HttpRoute> routes,
                                                      const Clock& clock) {
  auto implementation = std::make_unique<Implementation>(address, std::move(routes), clock);
  SLUICE_TRY(implementation->start());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(implementation)));
}

}  // namespace sluice
