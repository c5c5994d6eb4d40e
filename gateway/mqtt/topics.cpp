// SPDX-License-Identifier: Apache-2.0
#include "gateway/mqtt/topics.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>

namespace busbar::gateway {
namespace {

constexpr std::array<std::string_view, 2> kind_names{"pause", "limit"};

/// The step before the first '/' of `path`, which loses it.
std::string_view take_step(std::string_view& path) {
    const auto end = path.find('/');
    const auto step = path.substr(0, end);
    path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
    return step;
}

std::optional<ConnectorId> connector_in(std::string_view step) {
    ConnectorId id = 0;
    const auto* end = step.data() + step.size();
    const auto read = std::from_chars(step.data(), end, id);
    const bool sound = read.ec == std::errc() && read.ptr == end && id > 0 && step.front() != '0';
    return sound ? std::optional(id) : std::nullopt;
}

}  // namespace

std::string topic_step(std::string_view charge_point) {
    std::string step;
    for (const char c : charge_point) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-') {
            step += c;
        } else {
            step += c == '_' ? std::string("__") : fmt::format("_{:02x}", byte);
        }
    }
    return step;
}

Topics::Topics(const config::Mqtt& settings)
    : base_(settings.prefix + '/' + settings.client_id),
      discovery_(settings.discovery_prefix),
      client_id_(settings.client_id),
      availability_(base_ + "/status") {}

std::string Topics::place(std::string_view charge_point, ConnectorId connector) const {
    return fmt::format("{}/{}/{}", base_, topic_step(charge_point), connector);
}

std::string Topics::state(std::string_view charge_point, ConnectorId connector) const {
    return place(charge_point, connector) + "/state";
}

std::string Topics::command(std::string_view charge_point, ConnectorId connector, CommandKind kind) const {
    return fmt::format("{}/{}/set", place(charge_point, connector),
                       kind_names.at(static_cast<std::size_t>(kind)));
}

std::string Topics::discovery(std::string_view component, std::string_view charge_point,
                              ConnectorId connector, std::string_view key) const {
    return fmt::format("{}/{}/{}/{}_{}_{}/config", discovery_, component, client_id_,
                       topic_step(charge_point), connector, key);
}

std::optional<CommandTopic> Topics::command_of(std::string_view topic) const {
    if (!topic.starts_with(base_ + '/')) return std::nullopt;
    topic.remove_prefix(base_.size() + 1);
    CommandTopic command{std::string(take_step(topic))};
    const auto connector = connector_in(take_step(topic));
    if (!connector || command.step.empty()) return std::nullopt;
    command.connector = *connector;
    for (std::size_t kind = 0; kind < kind_names.size(); ++kind) {
        if (topic != std::string(kind_names[kind]) + "/set") continue;
        command.kind = static_cast<CommandKind>(kind);
        return command;
    }
    return std::nullopt;
}

}  // namespace busbar::gateway
