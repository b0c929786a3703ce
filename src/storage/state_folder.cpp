#include "storage/state_folder.hpp"

#include <algorithm>
#include <charconv>

#include "base/checksum.hpp"
#include "env/random.hpp"

namespace sluice {

namespace {

constexpr size_t uid_digits = 32;
constexpr uint64_t max_uid_file_bytes = 1024;

// "MANIFEST-" and so on, by StateFileName::Kind.
constexpr std::string_view prefixes[] = {"MANIFEST-", "state-", "spool-", "rejects-"};

std::string numbered(StateFileName::Kind kind, Epoch epoch) {
  return std::string(prefixes[static_cast<size_t>(kind)]) + std::to_string(epoch.value);
}

bool has_target(StateFileName::Kind kind) {
  return kind == StateFileName::Kind::spool || kind == StateFileName::Kind::rejects;
}

std::string uid_file_of(const std::string& uid) {
  return uid + " " + std::to_string(checksum(uid)) + "\n";
}

// Names that a manifest needs, rejects aside.
void add_reached(const Manifest& manifest, std::set<std::string>& names) {
  names.insert(manifest_name(manifest.epoch));
  for (const ManifestStateFile& file : manifest.state_files) names.insert(file.name);
  for (const ManifestSpool& spool : manifest.spools) names.insert(spool.name);
}

bool needs_rejects(const Manifest& manifest, const StateFileName& file) {
  const auto target = manifest.targets.find(file.target);
  return target != manifest.targets.end() && file.epoch > target->second.rejects_folded;
}

}  // namespace

std::string manifest_name(Epoch epoch) { return numbered(StateFileName::Kind::manifest, epoch); }
std::string state_name(Epoch epoch) { return numbered(StateFileName::Kind::state, epoch); }
std::string spool_name(Epoch epoch, std::string_view target) {
  return numbered(StateFileName::Kind::spool, epoch) + "-" + std::string(target);
}
std::string rejects_name(Epoch epoch, std::string_view target) {
  return numbered(StateFileName::Kind::rejects, epoch) + "-" + std::string(target);
}

std::optional<StateFileName> parse_state_file_name(std::string_view name) {
  for (size_t kind = 0; kind < std::size(prefixes); ++kind) {
    if (!name.starts_with(prefixes[kind])) continue;
    StateFileName parsed{static_cast<StateFileName::Kind>(kind), Epoch(), {}};
    std::string_view rest = name.substr(prefixes[kind].size());
    const char* end = rest.data() + rest.size();
    const auto number = std::from_chars(rest.data(), end, parsed.epoch.value);
    if (number.ec != std::errc{} || number.ptr == rest.data()) return std::nullopt;
    rest.remove_prefix(static_cast<size_t>(number.ptr - rest.data()));
    if (has_target(parsed.kind)) {
      if (rest.size() < 2 || rest[0] != '-') return std::nullopt;
      parsed.target = rest.substr(1);
      rest = {};
    }
    return rest.empty() ? std::optional(parsed) : std::nullopt;
  }
  return std::nullopt;
}

Result<StateFolder> StateFolder::open(Filesystem& filesystem, std::string path) {
  SLUICE_TRY(filesystem.create_directories(path));
  SLUICE_ASSIGN(auto lock, filesystem.lock(path + "/LOCK"));
  return StateFolder(filesystem, std::move(path), std::move(lock));
}

Result<std::string> StateFolder::load_uid() {
  const std::string file = path_of("UID");
  if (!filesystem_->exists(file)) {
    SLUICE_ASSIGN(const auto epochs, manifests());
    if (!epochs.empty()) return fail_corrupt(file, "it is missing beside manifests");
    Random random = Random::from_entropy();
    const std::string uid = random.identity();
    SLUICE_TRY(filesystem_->replace_atomically(file, uid_file_of(uid)));
    return uid;
  }
  SLUICE_ASSIGN(const std::string bytes, filesystem_->read_all(file, max_uid_file_bytes));
  std::string uid = bytes.substr(0, uid_digits);
  if (bytes != uid_file_of(uid)) return fail_corrupt(file, "its checksum differs");
  return uid;
}

Result<std::vector<Epoch>> StateFolder::manifests() const {
  SLUICE_ASSIGN(const auto names, filesystem_->list(path_));
  std::vector<Epoch> epochs;
  for (const std::string& name : names) {
    const auto parsed = parse_state_file_name(name);
    if (parsed && parsed->kind == StateFileName::Kind::manifest) epochs.push_back(parsed->epoch);
  }
  std::sort(epochs.begin(), epochs.end());
  return epochs;
}

Status StateFolder::remove_temporary() const {
  SLUICE_ASSIGN(const auto names, filesystem_->list(path_));
  for (const std::string& name : names) {
    if (name.ends_with(".tmp")) SLUICE_TRY(filesystem_->remove(path_of(name)));
  }
  return {};
}

Status StateFolder::remove_unreached(const Manifest* newest, const Manifest* previous,
                                     Epoch last_epoch) const {
  std::set<std::string> reached;
  for (const Manifest* manifest : {newest, previous}) {
    if (manifest != nullptr) add_reached(*manifest, reached);
  }
  SLUICE_ASSIGN(const auto names, filesystem_->list(path_));
  // Sorted, MANIFEST- comes first: no manifest stands a moment longer than what it reaches.
  for (const std::string& name : names) {
    const auto parsed = parse_state_file_name(name);
    if (!parsed || parsed->epoch > last_epoch || reached.contains(name)) continue;
    if (parsed->kind == StateFileName::Kind::rejects) {
      const bool is_needed = (newest != nullptr && needs_rejects(*newest, *parsed)) ||
                             (previous != nullptr && needs_rejects(*previous, *parsed));
      if (is_needed) continue;
    }
    SLUICE_TRY(filesystem_->remove(path_of(name)));
  }
  return {};
}

}  // namespace sluice
