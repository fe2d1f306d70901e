// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.userdetails.UserDetailsPasswordService;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Users of the application, checked by their passwords. */
final class UserAccounts {

    private UserAccounts() {}

    static AuthenticationProvider provider(BeanFactory beans) {
        DaoAuthenticationProvider accounts = new DaoAuthenticationProvider(beans.getBean(UserDetailsService.class));
        beans.getBeanProvider(PasswordEncoder.class).ifUnique(accounts::setPasswordEncoder);
        beans.getBeanProvider(UserDetailsPasswordService.class).ifUnique(accounts::setUserDetailsPasswordService);
        return accounts;
    }
}
