// StateFolder: the folder that one pipeline keeps its checkpoints in: its lock, its identity, the
// names of its files, and which of them are still needed.
//
// Owned by the coordinator, which holds the lock for its whole life; called by its coordinating
// thread, except path_of, which any thread may call. Errors: state_locked, state_corrupt,
// io_failed.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "env/filesystem.hpp"
#include "storage/manifest.hpp"

namespace sluice {

std::string manifest_name(Epoch epoch);
std::string state_name(Epoch epoch);
std::string spool_name(Epoch epoch, std::string_view target);
std::string rejects_name(Epoch epoch, std::string_view target);

struct StateFileName {
  enum class Kind : uint8_t { manifest, state, spool, rejects };
  Kind kind;
  Epoch epoch;
  std::string target;  // of spools and rejects
};
// None for every other name.
std::optional<StateFileName> parse_state_file_name(std::string_view name);

class StateFolder {
 public:
  // Creates the folder where there is none, and locks it.
  static Result<StateFolder> open(Filesystem& filesystem, std::string path);

  const std::string& path() const { return path_; }
  std::string path_of(const std::string& name) const { return path_ + "/" + name; }
  Filesystem& filesystem() const { return *filesystem_; }

  // The folder's random identity, drawn and made durable at first use. A folder that has manifests
  // and no identity is damaged.
  Result<std::string> load_uid();
  // Of all manifests, ascending.
  Result<std::vector<Epoch>> manifests() const;
  // Deletes *.tmp. At start only: later a publishing thread may be writing one.
  Status remove_temporary() const;
  // Deletes files of epochs up to `last_epoch` that neither manifest reaches. `previous` may be
  // null, and both before the first decision.
  Status remove_unreached(const Manifest* newest, const Manifest* previous, Epoch last_epoch) const;
  Status sync() const { return filesystem_->sync_directory(path_); }

 private:
  StateFolder(Filesystem& filesystem, std::string path, std::unique_ptr<FileLock> lock)
      : filesystem_(&filesystem), path_(std::move(path)), lock_(std::move(lock)) {}

  Filesystem* filesystem_;
  std::string path_;
  std::unique_ptr<FileLock> lock_;
};

}  // namespace sluice
