// TcpProxy: stands between one client and a server on loopback and cuts their connection at a
// chosen moment, as a failing network would: before some bytes reach the server, or after, so that
// its answer is lost.
//
// Owned by the test; forwards in a thread of its own until destroyed. Call from the test's thread.
// Failures to listen throw std::runtime_error.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace sluice::test {

class TcpProxy {
 public:
  enum class Cut { before, after };

  // `server` is "host:port".
  explicit TcpProxy(const std::string& server);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  int port() const { return port_; }
  // Cuts once, the next time a client sends `word`: before forwarding it, or after forwarding it
  // and hearing the server answer, of which the client learns nothing.
  void cut_at(const std::string& word, Cut cut);
  // Changes what the server says before the client hears it; before clients connect.
  void edit_answers(std::function<void(std::string&)> edit);
  // How often it cut.
  int cuts() const { return cuts_; }

 private:
  struct Pair {
    int client = -1;
    int server = -1;
    bool swallows = false;  // the server's next bytes end the connection
  };

  void run();
  bool accept_client(Pair& pair) const;
  bool forward_client(Pair& pair);
  bool forward_server(Pair& pair);

  std::string server_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  int port_ = 0;
  std::mutex mutex_;
  std::string word_;
  Cut cut_ = Cut::before;
  std::function<void(std::string&)> edit_;
  std::atomic<int> cuts_{0};
  std::thread thread_;
};

}  // namespace sluice::test
