// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.security.access.PermissionEvaluator;
import org.springframework.security.access.expression.SecurityExpressionRoot;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.core.Authentication;

/** An expression about a caller and a message. Safe for all threads. */
final class MessageExpression {

    private final Expression expression;
    private final BeanFactory beans;
    private final @Nullable RoleHierarchy hierarchy;
    private final @Nullable PermissionEvaluator permissions;

    /**
     * @throws org.springframework.expression.ParseException if the text is no expression
     */
    MessageExpression(String text, BeanFactory beans) {
        this.expression = new SpelExpressionParser().parseExpression(text);
        this.beans = beans;
        this.hierarchy = beans.getBeanProvider(RoleHierarchy.class).getIfAvailable();
        this.permissions = beans.getBeanProvider(PermissionEvaluator.class).getIfAvailable();
    }

    boolean holds(Authentication caller, Object message) {
        Root root = new Root(() -> caller, message);
        root.setRoleHierarchy(hierarchy);
        if (permissions != null) {
            root.setPermissionEvaluator(permissions);
        }
        StandardEvaluationContext context = new StandardEvaluationContext(root);
        context.setBeanResolver(new BeanFactoryResolver(beans));
        context.setVariable("message", message);
        return Boolean.TRUE.equals(expression.getValue(context, Boolean.class));
    }

    @Override
    public String toString() {
        return expression.getExpressionString();
    }

    private static final class Root extends SecurityExpressionRoot<Object> {

        Root(Supplier<Authentication> caller, Object message) {
            super(caller, message);
        }
    }
}
