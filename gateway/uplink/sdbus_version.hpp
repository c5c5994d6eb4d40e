// SPDX-License-Identifier: Apache-2.0
// What differs between sdbus-c++ 1 (Debian 12) and 2 (Debian 13), for those who speak D-Bus.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#if __has_include(<sdbus-c++/VTableItems.h>)
#define BUSBAR_SDBUS_2 1
#include <optional>
#endif

namespace busbar::gateway::wire {

using AnswerHandler = std::function<void(sdbus::MethodReply&, const sdbus::Error*)>;
using MessageHandler = std::function<void(sdbus::Message&)>;

#ifdef BUSBAR_SDBUS_2

inline std::unique_ptr<sdbus::IProxy> make_proxy(sdbus::IConnection& connection, const std::string& service,
                                                 const std::string& path) {
    return sdbus::createProxy(connection, sdbus::ServiceName(service), sdbus::ObjectPath(path));
}

inline sdbus::MethodCall make_call(sdbus::IProxy& proxy, const std::string& interface,
                                   const std::string& method) {
    return proxy.createMethodCall(sdbus::InterfaceName(interface), sdbus::MethodName(method));
}

template <class Timeout>
void call(sdbus::IProxy& proxy, const sdbus::MethodCall& message, AnswerHandler answered, Timeout timeout) {
    proxy.callMethodAsync(
        message,
        [answered = std::move(answered)](sdbus::MethodReply answer,
                                         const std::optional<sdbus::Error>& error) {
            answered(answer, error ? &*error : nullptr);
        },
        timeout);
}

inline sdbus::Slot add_match(sdbus::IConnection& connection, const std::string& rule, MessageHandler heard) {
    return connection.addMatch(
        rule, [heard = std::move(heard)](sdbus::Message message) { heard(message); }, sdbus::return_slot);
}

inline bool process(sdbus::IConnection& connection) {
    return connection.processPendingEvent();
}

inline sdbus::Error error(const std::string& name, const std::string& message) {
    return {sdbus::Error::Name(name), message};
}

template <class T>
std::string signature() {
    return sdbus::as_null_terminated(sdbus::signature_of_v<T>).data();
}

inline std::pair<std::string, std::string> peek_type(sdbus::Message& message) {
    const auto [type, contents] = message.peekType();
    return {std::string(1, type), contents == nullptr ? "" : contents};
}

#else

inline std::unique_ptr<sdbus::IProxy> make_proxy(sdbus::IConnection& connection, const std::string& service,
                                                 const std::string& path) {
    return sdbus::createProxy(connection, service, path);
}

inline sdbus::MethodCall make_call(sdbus::IProxy& proxy, const std::string& interface,
                                   const std::string& method) {
    return proxy.createMethodCall(interface, method);
}

template <class Timeout>
void call(sdbus::IProxy& proxy, const sdbus::MethodCall& message, AnswerHandler answered, Timeout timeout) {
    proxy.callMethod(message, std::move(answered), timeout);
}

inline sdbus::Slot add_match(sdbus::IConnection& connection, const std::string& rule, MessageHandler heard) {
    return connection.addMatch(rule, std::move(heard));
}

inline bool process(sdbus::IConnection& connection) {
    return connection.processPendingRequest();
}

inline sdbus::Error error(const std::string& name, const std::string& message) {
    return {name, message};
}

template <class T>
std::string signature() {
    return sdbus::signature_of<T>::str();
}

inline std::pair<std::string, std::string> peek_type(sdbus::Message& message) {
    std::pair<std::string, std::string> type;
    message.peekType(type.first, type.second);
    return type;
}

#endif

}  // namespace busbar::gateway::wire
