// SPDX-License-Identifier: Apache-2.0
// The requests of the profiles LocalAuthListManagement and Reservation.
#include "ocpp/request_handlers.hpp"

namespace busbar::ocpp {

Reply RequestHandlers::get_local_list_version(ChargePoint& self, const GetLocalListVersionReq&, const Now&) {
    const auto& context = self.context_;
    return confirm(GetLocalListVersionConf{context.authorizer.list_version(context.authorization_rules())});
}

Reply RequestHandlers::send_local_list(ChargePoint& self, const SendLocalListReq& request, const Now&) {
    auto& context = self.context_;
    const auto most = [&](Key key) { return static_cast<std::size_t>(context.configuration.integer(key)); };
    const LocalListLimits limits{most(Key::SendLocalListMaxLength), most(Key::LocalAuthListMaxLength)};
    return confirm(SendLocalListConf{
        context.authorizer.update_list(request, limits, context.authorization_rules(), context.effects)});
}

Reply RequestHandlers::reserve_now(ChargePoint& self, const ReserveNowReq& request, const Now& now) {
    auto& context = self.context_;
    if (request.connectorId != 0 && self.connector(request.connectorId) == nullptr) {
        return no_such_connector(request.connectorId);
    }
    return confirm(ReserveNowConf{context.reservations.reserve(
        request, context.statuses, context.configuration.boolean(Key::ReserveConnectorZeroSupported), now,
        context.effects)});
}

Reply RequestHandlers::cancel_reservation(ChargePoint& self, const CancelReservationReq& request,
                                          const Now&) {
    return confirm(CancelReservationConf{
        self.context_.reservations.cancel(request.reservationId, self.context_.effects)});
}

}  // namespace busbar::ocpp
