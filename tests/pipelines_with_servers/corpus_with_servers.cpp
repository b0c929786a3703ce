#include <filesystem>

#include "connectors/postgres/postgres_connector.hpp"
#include "pipelines/corpus_outside.hpp"
#include "support/postgres.hpp"
#include "support/servers.hpp"

namespace sluice::test {

std::string corpus_root() { return "tests/pipelines_with_servers"; }

CorpusOutside corpus_outside(const CorpusCase& which) {
  TestServers& servers = shared_servers();
  Postgres(servers).exec(read_text(which.folder + "/tables.sql"));
  CorpusOutside outside;
  outside.connectors.push_back(make_postgres_connector);
  const auto folder = std::filesystem::path(servers.pg_password_file()).parent_path();
  outside.variables["DSN"] = servers.pg_dsn() + " passfile=" + (folder / "pgpass").string();
  return outside;
}

}  // namespace sluice::test
