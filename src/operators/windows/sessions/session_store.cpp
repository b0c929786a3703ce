#include "operators/windows/sessions/session_store.hpp"

#include <algorithm>
#include <iterator>

#include "base/release_memory.hpp"

namespace sluice {

namespace {

constexpr uint64_t bytes_per_session = sizeof(Session) + sizeof(std::unique_ptr<Session>);

// The number stands at the end of a group's key, as it is the last column and never NULL.
std::string numbered(std::string_view key, int64_t number) {
  std::string bytes(key.substr(0, key.size() - sizeof number));
  append_value(number, bytes);
  return bytes;
}

int64_t number_in(std::string_view key) {
  StateBytesReader bytes(key.substr(key.size() - std::min(key.size(), sizeof(int64_t))));
  return bytes.take<int64_t>();
}

bool starts_before(const std::unique_ptr<Session>& session, int64_t start_us) {
  return session->span.start_us < start_us;
}

}  // namespace

SessionStore::SessionStore(const AggregateLayout& layout, int64_t gap_us)
    : gap_us_(gap_us), table_(layout, {AccumulatorMode::insert_only, std::string(), this}) {}

uint32_t SessionStore::partition_of(const HashedKey& key) {
  const uint32_t partition = partitions_.intern(key);
  if (sessions_.size() < partitions_.id_bound()) sessions_.resize(partitions_.id_bound());
  return partition;
}

const SessionStore::Sessions* SessionStore::of_partition(const HashedKey& key) const {
  const uint32_t partition = partitions_.find(key);
  return partition == KeyTable::no_id ? nullptr : &sessions_[partition];
}

Session& SessionStore::insert(uint32_t partition, WindowSpan span, int64_t number) {
  Sessions& sessions = sessions_[partition];
  auto made = std::make_unique<Session>();
  made->span = span;
  made->number = number;
  made->partition = partition;
  session_bytes_ += bytes_per_session;
  next_number_ = std::max(next_number_, number + 1);
  const auto behind =
      std::lower_bound(sessions.begin(), sessions.end(), span.start_us, starts_before);
  return **sessions.insert(behind, std::move(made));
}

Result<Session*> SessionStore::place(const HashedKey& key, int64_t time_us,
                                     const TakeBack& take_back) {
  const WindowSpan own{time_us, time_us + gap_us_};
  const uint32_t partition = partition_of(key);
  Sessions& sessions = sessions_[partition];
  const auto first = std::lower_bound(
      sessions.begin(), sessions.end(), own.start_us,
      [](const auto& session, int64_t start_us) { return session->span.end_us < start_us; });
  const auto last = std::find_if(first, sessions.end(), [&](const auto& session) {
    return session->span.start_us > own.end_us;
  });
  if (first == last) {
    Session& made = insert(partition, own, next_number_);
    made.has_grown = true;
    return &made;
  }
  const auto stays = std::max_element(first, last, [this](const auto& left, const auto& right) {
    return rows_of(*left) < rows_of(*right);
  });
  Session& into = **stays;
  WindowSpan span = own;
  for (auto each = first; each != last; ++each) {
    span.start_us = std::min(span.start_us, (*each)->span.start_us);
    span.end_us = std::max(span.end_us, (*each)->span.end_us);
    if (each == stays) continue;
    SLUICE_TRY(absorb(**each, into, take_back));
    merged_.push_back(std::move(*each));
  }
  sessions.erase(std::remove(first, last, nullptr), last);
  grow(into, span);
  return &into;
}

void SessionStore::grow(Session& session, WindowSpan span) {
  if (session.span == span) return;
  session.span = span;
  session.has_grown = true;
  for (const uint32_t id : session.ids) table_.touch(id);
}

Status SessionStore::absorb(Session& from, Session& into, const TakeBack& take_back) {
  for (const uint32_t id : from.ids) {
    if (groups_[id].sent) {
      SLUICE_TRY(take_back(id));
      into.lost_sent_rows = true;
    }
    const uint32_t to = table_.intern(numbered(table_.keys().key(id), into.number), id);
    attach(to, into);
    table_.move(id, to);
    groups_[id] = {};
  }
  into.lost_sent_rows |= from.lost_sent_rows;
  into.has_grown = true;
  session_bytes_ -= bytes_per_session + from.ids.capacity() * sizeof(uint32_t);
  from.merged_into = &into;
  return {};
}

Session& SessionStore::current(Session& placed) {
  Session* session = &placed;
  while (session->merged_into != nullptr) session = session->merged_into;
  return *session;
}

void SessionStore::attach(uint32_t id, Session& session) {
  if (id >= groups_.size()) groups_.resize(table_.keys().id_bound());
  if (groups_[id].session != nullptr) return;
  groups_[id].session = &session;
  session_bytes_ -= session.ids.capacity() * sizeof(uint32_t);
  session.ids.push_back(id);
  session_bytes_ += session.ids.capacity() * sizeof(uint32_t);
}

void SessionStore::add(const RecordBatch& batch, const BatchKeys& keys,
                       std::span<const uint32_t> rows, std::span<Session* const> sessions,
                       std::vector<uint32_t>& ids) {
  table_.intern(batch, keys, rows, ids);
  for (size_t i = 0; i < ids.size(); ++i) attach(ids[i], current(*sessions[i]));
  table_.add(batch, rows, ids);
}

int64_t SessionStore::rows_of(const Session& session) const {
  int64_t rows = 0;
  for (const uint32_t id : session.ids) rows += table_.rows(id);
  return rows;
}

void SessionStore::erase_groups(const Session& session) {
  for (const uint32_t id : session.ids) {
    table_.erase(id);
    groups_[id] = {};
  }
  session_bytes_ -= bytes_per_session + session.ids.capacity() * sizeof(uint32_t);
}

int64_t SessionStore::free_until(const HashedKey& key, int64_t end_us) {
  const uint32_t partition = partitions_.find(key);
  if (partition == KeyTable::no_id) return 0;
  Sessions& sessions = sessions_[partition];
  int64_t rows = 0;
  auto end = sessions.begin();
  for (; end != sessions.end() && (*end)->span.end_us <= end_us; ++end) {
    rows += rows_of(**end);
    erase_groups(**end);
  }
  sessions.erase(sessions.begin(), end);
  if (sessions.empty()) {
    Sessions().swap(sessions);
    partitions_.erase(partition);
  }
  return rows;
}

void SessionStore::set_sent(uint32_t id, std::optional<WindowSpan> span) {
  groups_[id].sent = span;
  table_.touch(id);
}

uint64_t SessionStore::bytes() const {
  return table_.allocated_bytes() + partitions_.allocated_bytes() +
         sessions_.capacity() * sizeof(Sessions) + groups_.capacity() * sizeof(Group) +
         session_bytes_;
}

void SessionStore::snapshot(StateWriter& writer) {
  table_.snapshot(writer);
  if (partitions_.size() > 0) return;
  partitions_.release();
  release_memory(sessions_);
  release_memory(groups_);
}

std::optional<KeyGroup> SessionStore::group_of(uint32_t id) const {
  if (id >= groups_.size() || groups_[id].session == nullptr) return std::nullopt;
  return key_group_of(partitions_.key(groups_[id].session->partition));
}

void SessionStore::save(uint32_t id, std::string& out) const {
  const Group& group = groups_[id];
  append_text(partitions_.key(group.session->partition), out);
  append_value(group.session->span.start_us, out);
  append_value(group.session->span.end_us, out);
  append_value<uint8_t>(group.sent ? 1 : 0, out);
  if (!group.sent) return;
  append_value(group.sent->start_us, out);
  append_value(group.sent->end_us, out);
}

void SessionStore::load(uint32_t id, StateBytesReader& bytes) {
  const uint32_t partition = partition_of(HashedKey(bytes.take_text()));
  WindowSpan span;
  span.start_us = bytes.take<int64_t>();
  span.end_us = bytes.take<int64_t>();
  if (span.start_us >= span.end_us) bytes.reject();
  Sessions& sessions = sessions_[partition];
  const auto found =
      std::lower_bound(sessions.begin(), sessions.end(), span.start_us, starts_before);
  const bool is_known = found != sessions.end() && (*found)->span.start_us == span.start_us;
  attach(id, is_known ? **found : insert(partition, span, number_in(table_.keys().key(id))));
  if (bytes.take<uint8_t>() == 0) return;
  groups_[id].sent.emplace();
  groups_[id].sent->start_us = bytes.take<int64_t>();
  groups_[id].sent->end_us = bytes.take<int64_t>();
}

Status SessionStore::restore(const StateEntry& entry) {
  return table_.restore(entry.table, entry.key, entry.value);
}

}  // namespace sluice
