// SPDX-License-Identifier: Apache-2.0
// The names of all topics, and what a command's topic means. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "gateway/base/reading.hpp"

namespace busbar::gateway {

/// A charge point id as one step of a topic and as part of an id of Home Assistant: letters, digits and '-'
/// stay, '_' is "__", all else "_" and two hex digits. Different ids never become the same.
std::string topic_step(std::string_view charge_point);

/// What somebody may ask of a connector.
enum class CommandKind { pause, limit };

struct CommandTopic {
    std::string step;  ///< topic_step() of the charge point
    ConnectorId connector = 1;
    CommandKind kind = CommandKind::pause;
};

class Topics {
  public:
    /// REQUIRES: settings.client_id is not empty.
    explicit Topics(const config::Mqtt& settings);

    /// "online" or "offline", retained; the last will.
    [[nodiscard]] const std::string& availability() const { return availability_; }
    [[nodiscard]] std::string state(std::string_view charge_point, ConnectorId connector) const;
    [[nodiscard]] std::string command(std::string_view charge_point, ConnectorId connector,
                                      CommandKind kind) const;
    /// Matches every command's topic.
    [[nodiscard]] std::string all_commands() const { return base_ + "/+/+/+/set"; }
    /// `component`: sensor, switch, ...; `key`: of the entity.
    [[nodiscard]] std::string discovery(std::string_view component, std::string_view charge_point,
                                        ConnectorId connector, std::string_view key) const;

    /// Empty: it is no command's.
    [[nodiscard]] std::optional<CommandTopic> command_of(std::string_view topic) const;

  private:
    [[nodiscard]] std::string place(std::string_view charge_point, ConnectorId connector) const;

    std::string base_;
    std::string discovery_;
    std::string client_id_;
    std::string availability_;
};

}  // namespace busbar::gateway
