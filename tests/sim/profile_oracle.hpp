// SPDX-License-Identifier: Apache-2.0
// What the central system may believe about the current on a connector: the charging profiles it had
// Accepted, worked out anew and simply, for the few forms of profile that the simulation sends.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ocpp/json_bridge.hpp"
#include "tests/sim/scene.hpp"

namespace busbar::simulation {

using ocpp::Json;

/// The transaction a limit is asked for.
struct LimitedTransaction {
    std::string id;
    Moment begun;
};

/// Who draws from one ceiling.
struct Sharers {
    int count;
    int earlier;   ///< began before the one that is asked about
    double least;  ///< current that is not a pause
};

class ProfileOracle {
  public:
    explicit ProfileOracle(const Scene& scene) : scene_(scene) {}

    void on_link_or_process_lost();
    /// `running`: message id of the start of the open transaction on each connector.
    void on_received(const Json& frame, const std::map<ConnectorId, std::string>& running);
    void on_sent(const Json& frame);
    void on_transaction_begun(ConnectorId connector, const std::string& id, const std::string& id_tag);

    /// False: a request was never answered, so nobody knows what is installed.
    [[nodiscard]] bool certain() const { return !unknown_ && asked_.empty(); }
    /// The highest current any rule in force allows about `at`; empty: no profile says anything, or it cannot
    /// be told. The ceiling is for the sum of `sharers` connectors, in equal parts of at least
    /// `least`; those begun last wait, `earlier` of them began before this one.
    [[nodiscard]] std::optional<double> limit(ConnectorId connector, const LimitedTransaction& running,
                                              Moment at, const Sharers& sharers) const;

  private:
    struct Installed {
        ConnectorId connector;
        std::string transaction;  ///< of a TxProfile
        Json profile;
    };

    void install(ConnectorId connector, std::string transaction, const Json& profile);
    void clear(const Json& filter);
    [[nodiscard]] std::optional<double> limit_by(const Installed& installed,
                                                 const LimitedTransaction& running, Moment at) const;
    [[nodiscard]] const Installed* best(const std::string& purpose, ConnectorId connector,
                                        const LimitedTransaction& running, Moment at) const;

    Scene scene_;
    std::vector<Installed> installed_;
    struct Asked {
        Json frame;
        std::map<ConnectorId, std::string> running;
    };
    std::map<std::string, Asked> asked_;       ///< requests about profiles that wait for their answer, by id
    std::map<std::string, Json> with_remote_;  ///< profiles of RemoteStartTransaction, by id tag
    bool unknown_ = false;
};

}  // namespace busbar::simulation
