// PlanCatalog: what the steps of a request may name in FROM: sources, lookups, and steps as they
// get bound. Borrows the request. One thread.
#pragma once

#include <map>
#include <string>

#include "plan/plan_request.hpp"
#include "sql/binder.hpp"

namespace sluice {

class PlanCatalog final : public Catalog {
 public:
  explicit PlanCatalog(const PlanRequest& request);
  void add_relation(const std::string& name, SchemaPtr schema) {
    relations_.emplace(name, std::move(schema));
  }

  SchemaPtr find_relation(std::string_view name) const override;
  const Lookup* find_lookup(std::string_view name) const override;
  // All sources and steps, also those that could not be bound.
  std::vector<std::string> relation_names() const override;
  std::vector<std::string> lookup_names() const override;

 private:
  std::map<std::string, SchemaPtr, std::less<>> relations_;
  std::map<std::string, Lookup, std::less<>> lookups_;
  std::vector<std::string> names_;
};

}  // namespace sluice
