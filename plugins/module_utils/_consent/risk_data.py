# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How risky Microsoft Graph's delegated scopes are: data. PRIVATE to tenantops.entra.

Source: the privilege levels (1 to 4) that Microsoft publishes, and who may consent, from microsoftgraph/
microsoft-graph-devx-content @6cbd6bb and merill/microsoft-info @43b8a5d9, both MIT. Level 4 is critical; 3 is high if an
admin must consent, else medium; 2 is medium if an admin must consent, else low; 1 is low. Without a level: high if an admin
must consent, else medium; what signing in takes (openid and the like) is low.

Raised: to critical, what lets its holder take over the tenant (CONTROL); to medium, the content of mailboxes, files and chats
(CONTENT).
"""

from __future__ import annotations

CONTROL = """
    AppRoleAssignment.ReadWrite.All Application.ReadWrite.All DelegatedPermissionGrant.ReadWrite.All
    Directory.AccessAsUser.All RoleManagement.ReadWrite.Directory
"""
CONTENT = """
    Chat.Read Chat.ReadWrite EAS.AccessAsUser.All EWS.AccessAsUser.All Files.Read Files.ReadWrite
    IMAP.AccessAsUser.All Mail.Read Mail.Read.Shared Mail.ReadWrite Mail.ReadWrite.Shared Mail.Send Mail.Send.Shared
    Notes.Read Notes.ReadWrite POP.AccessAsUser.All SMTP.Send
"""
LEVELS = {
    "low": """
        AiEnterpriseInteraction.Read Analytics.Read AppCatalog.Submit AuditActivity.Read Calendars.Read
        Calendars.Read.Shared Calendars.ReadBasic Calendars.ReadWrite Calendars.ReadWrite.Shared
        ChangeManagement.Read.All Channel.ReadBasic.All ChannelMessage.Edit ChannelMessage.Send Chat.Create
        Chat.ReadBasic ChatMessage.Send Contacts.Read Contacts.Read.Shared Contacts.ReadWrite
        Contacts.ReadWrite.Shared ContentActivity.Read Device.Read EngagementRole.Read
        EntitlementMgmt-SubjectAccess.ReadWrite FileStorageContainer.Selected Files.Read.Selected
        Files.ReadWrite.AppFolder Files.ReadWrite.Selected IndustryData.ReadBasic.All
        InformationProtectionPolicy.Read Mail.ReadBasic MailboxFolder.Read MailboxFolder.ReadWrite
        MailboxItem.Read MailboxSettings.Read MultiTenantOrganization.ReadBasic.All Notes.Create
        Notes.ReadWrite.CreatedByApp Notifications.ReadWrite.CreatedByApp People.Read Presence.Read
        Presence.ReadWrite PrintJob.Create PrintJob.Read PrintJob.ReadBasic PrintJob.ReadWrite
        PrintJob.ReadWriteBasic ProtectionScopes.Compute.User SecurityCopilotWorkspaces.Read.All
        SensitivityLabel.Read SensitivityLabels.Read.All ShortNotes.Read ShortNotes.ReadWrite Team.Create
        Team.ReadBasic.All TeamTemplates.Read TeamsActivity.Read TeamsActivity.Send
        TeamsAppInstallation.ReadForChat TeamsAppInstallation.ReadForUser
        TeamsAppInstallation.ReadWriteSelfForUser TeamworkSection.Read TeamworkSection.ReadWrite User.Read
        User.ReadBasic.All UserActivity.ReadWrite.CreatedByApp UserAuthMethod-Password.Read
        UserAuthMethod-Phone.Read email offline_access openid profile
    """,
    "medium": """
        Acronym.Read.All AgentCardManifest.Read.All AgentCardManifest.ReadWrite.All AgentCollection.Read.All
        AgentCollection.ReadWrite.All AgentInstance.Read.All AgentInstance.ReadWrite.All
        AgentRegistration.Read.All AgreementAcceptance.Read AppCatalog.Read.All AttackSimulation.ReadWrite.All
        AuditActivity.Write Bookings.Manage.All Bookings.Read.All Bookings.ReadWrite.All
        BookingsAppointment.ReadWrite.All Bookmark.Read.All BrowserSiteLists.Read.All
        BrowserSiteLists.ReadWrite.All BusinessScenarioConfig.Read.OwnedBy
        BusinessScenarioConfig.ReadWrite.OwnedBy BusinessScenarioData.Read.OwnedBy
        BusinessScenarioData.ReadWrite.OwnedBy CallAiInsights.Read.All CallDelegation.ReadWrite Channel.Create
        ChannelMessage.ReadWrite Chat.Read Chat.ReadWrite ChatMember.Read ChatMessage.Read
        CloudApp-Discovery.Read.All CloudPC.Read.All Community.Read.All ConsentRequest.Read
        Contacts-OnPremisesSyncBehavior.ReadWrite.All Content.Process.User ContentActivity.Write
        CopilotConversation.Delete CopilotPackages.Read.All CrossTenantInformation.ReadBasic.All Device.Command
        Device.Read.All DeviceTemplate.Read.All EAS.AccessAsUser.All EWS.AccessAsUser.All
        EduAssignments.ReadBasic EduAssignments.ReadWriteBasic EduRoster.ReadBasic
        EngagementMeetingConversation.Read.All Family.Read FileStorageContainerType.Manage.All
        FileStorageContainerTypeReg.Manage.All FileStorageContainerTypeReg.Selected Files.Read Files.Read.All
        Files.ReadWrite Files.ReadWrite.All Files.SelectedOperations.Selected Financials.ReadWrite.All
        Group-NestingSupport.ReadWrite.All Group-OnPremisesSyncBehavior.ReadWrite.All
        Group-XTenantIdentitySync.Read.All HealthMonitoringAlert.Read.All HealthMonitoringAlert.ReadWrite.All
        HealthMonitoringAlertConfig.Read.All HealthMonitoringAlertConfig.ReadWrite.All IMAP.AccessAsUser.All
        Insights-UserMetric.Read.All LearningAssignedCourse.Read LearningProvider.Read
        LearningProvider.ReadWrite LearningSelfInitiatedCourse.Read LicenseAssignment.Read.All
        LifecycleWorkflows-CustomExt.Read.All LifecycleWorkflows-Reports.Read.All
        LifecycleWorkflows-Workflow.Read.All LifecycleWorkflows-Workflow.ReadBasic.All
        ListItems.SelectedOperations.Selected Lists.SelectedOperations.Selected Mail.Read Mail.Read.Shared
        Mail.ReadBasic.Shared Mail.ReadWrite Mail.ReadWrite.Shared Mail.Send Mail.Send.Shared
        MailTips.ReadBasic.Shared MailboxConfigItem.Read MailboxItem.Export MailboxItem.ImportExport
        MailboxItem.ReadWrite MailboxSettings.ReadWrite NetworkAccessBranch.Read.All
        NetworkAccessPolicy.Read.All Notes.Read Notes.Read.All Notes.ReadWrite Notes.ReadWrite.All
        OnlineMeetingArtifact.Read.All OnlineMeetings.Read OnlineMeetings.ReadWrite
        OrgSettings-Microsoft365Install.Read.All OrgSettings-Microsoft365Install.ReadWrite.All
        POP.AccessAsUser.All PartnerBilling.Read.All Policy.Read.ConditionalAccess Presence.Read.All
        PrintJob.ReadBasic.All PrintJob.ReadWriteBasic.All Printer.Create PrinterShare.Read.All
        PrinterShare.ReadBasic.All ProfilePhoto.Read.All QnA.Read.All SMTP.Send
        SecurityCopilotWorkspaces.ReadWrite.All ServiceMessageViewpoint.Write Sites.Manage.All Sites.Read.All
        Sites.ReadWrite.All Sites.Selected SubjectNameRegistration.ReadWrite Tasks.Read Tasks.Read.Shared
        Tasks.ReadWrite Tasks.ReadWrite.Shared TeamsAppInstallation.ReadWriteSelfForChat TeamsTab.Create
        TeamsTab.ReadWriteForChat TeamsTab.ReadWriteForUser TeamsTab.ReadWriteSelfForChat
        TeamsTab.ReadWriteSelfForUser TeamworkAppSettings.Read.All TeamworkCustomEmoji.Create
        TeamworkCustomEmoji.Read TeamworkTag.Read TeamworkTag.ReadWrite TeamworkUserInteraction.Read.All
        ThreatIndicators.ReadWrite.OwnedBy UnifiedGroupMember.Read.AsGuest
        User-OnPremisesSyncBehavior.ReadWrite.All User.ReadWrite UserAuthMethod-Email.Read
        UserAuthMethod-External.Read UserAuthMethod-HardwareOATH.Read UserAuthMethod-MicrosoftAuthApp.Read
        UserAuthMethod-Passkey.Read UserAuthMethod-Password.Read.All UserAuthMethod-Password.ReadWrite
        UserAuthMethod-Password.ReadWrite.All UserAuthMethod-Phone.Read.All UserAuthMethod-Phone.ReadWrite
        UserAuthMethod-Phone.ReadWrite.All UserAuthMethod-PlatformCred.Read UserAuthMethod-QR.Read
        UserAuthMethod-SoftwareOATH.Read UserAuthMethod-TAP.Read UserAuthMethod-WindowsHello.Read
        UserAuthenticationMethod.Read UserCloudClipboard.Read UserNotification.ReadWrite.CreatedByApp
        UserTeamwork.Read UserTimelineActivity.Write.CreatedByApp UserWindowsSettings.Read.All
        VirtualAppointment.Read VirtualAppointment.ReadWrite VirtualAppointmentNotification.Send
        VirtualEvent.ReadWrite
    """,
    "high": """
        APIConnectors.Read.All APIConnectors.ReadWrite.All AccessReview.Read.All AccessReview.ReadWrite.All
        AccessReview.ReadWrite.Membership AdministrativeUnit.Read.All AdministrativeUnit.ReadWrite.All
        AgentCard.Read.All AgentCard.ReadWrite.All AgentCollection.Read.Global AgentCollection.Read.Quarantined
        AgentCollection.ReadWrite.Global AgentCollection.ReadWrite.Quarantined
        AgentCommunicationConfiguration.Read AgentCommunicationConfiguration.ReadWrite AgentIdUser.ReadWrite.All
        AgentIdUser.ReadWrite.IdentityParentedBy AgentIdentity.Create.All AgentIdentity.DeleteRestore.All
        AgentIdentity.EnableDisable.All AgentIdentity.Read.All AgentIdentity.ReadWrite.All
        AgentIdentityBlueprint.AddRemoveCreds.All AgentIdentityBlueprint.Create
        AgentIdentityBlueprint.DeleteRestore.All AgentIdentityBlueprint.Read.All
        AgentIdentityBlueprint.ReadWrite.All AgentIdentityBlueprint.UpdateAuthProperties.All
        AgentIdentityBlueprint.UpdateBranding.All AgentIdentityBlueprintPrincipal.Create
        AgentIdentityBlueprintPrincipal.DeleteRestore.All AgentIdentityBlueprintPrincipal.EnableDisable.All
        AgentIdentityBlueprintPrincipal.Read.All AgentIdentityBlueprintPrincipal.ReadWrite.All
        AgentRegistration.ReadWrite.All Agreement.Read.All Agreement.ReadWrite.All AgreementAcceptance.Read.All
        AppCatalog.ReadWrite.All AppCertTrustConfiguration.Read.All AppCertTrustConfiguration.ReadWrite.All
        Application-RemoteDesktopConfig.ReadWrite.All Application.Read.All Application.ReadUpdate.All
        ApprovalSolution.Read ApprovalSolution.ReadWrite ApprovalSolutionResponse.ReadWrite
        AttackSimulation.Read.All AuditLog.Read.All AuditLogsQuery-CRM.Read.All AuditLogsQuery-Endpoint.Read.All
        AuditLogsQuery-Entra.Read.All AuditLogsQuery-Exchange.Read.All AuditLogsQuery-OneDrive.Read.All
        AuditLogsQuery-SharePoint.Read.All AuditLogsQuery.Read.All AuthenticationContext.Read.All
        AuthenticationContext.ReadWrite.All BackupRestore-Configuration.Read.All
        BackupRestore-Configuration.ReadWrite.All BackupRestore-Control.Read.All
        BackupRestore-Control.ReadWrite.All BackupRestore-Monitor.Read.All BackupRestore-Restore.Read.All
        BackupRestore-Restore.ReadWrite.All BackupRestore-Search.Read.All BillingConfiguration.ReadWrite.All
        BitlockerKey.Read.All BitlockerKey.ReadBasic.All BusinessScenarioConfig.Read.All
        BusinessScenarioConfig.ReadWrite.All CallDelegation.Read CallEvents.Read CallRecordings.Read.All
        CallTranscripts.Read.All CaseManagement.Read.All CaseManagement.ReadWrite.All Channel.Delete.All
        ChannelMember.Read.All ChannelMember.ReadWrite.All ChannelMessage.Read.All ChannelSettings.Read.All
        ChannelSettings.ReadWrite.All Chat.ManageDeletion.All Chat.ReadWrite.All ChatMember.ReadWrite
        CloudPC.ReadWrite.All Community.ReadWrite.All ConfigurationMonitoring.Read.All
        ConfigurationMonitoring.ReadWrite.All ConsentRequest.Create ConsentRequest.Read.All
        ConsentRequest.ReadApprove.All ConsentRequest.ReadWrite.All Content.Process.All Contracts.Read.All
        CopilotPackages.ReadWrite.All CopilotPolicySettings.Read CopilotPolicySettings.ReadWrite
        CopilotSettings-LimitedMode.Read CopilotSettings-LimitedMode.ReadWrite
        CrossTenantUserProfileSharing.Read CrossTenantUserProfileSharing.Read.All
        CrossTenantUserProfileSharing.ReadWrite CrossTenantUserProfileSharing.ReadWrite.All
        CustomAuthenticationExtension.Read.All CustomAuthenticationExtension.ReadWrite.All
        CustomDetection.Read.All CustomDetection.ReadWrite.All CustomSecAttributeAssignment.Read.All
        CustomSecAttributeAuditLogs.Read.All CustomSecAttributeDefinition.Read.All
        CustomSecAttributeProvisioning.Read.All CustomSecAttributeProvisioning.ReadWrite.All CustomTags.Read.All
        CustomTags.ReadWrite.All DelegatedAdminRelationship.Read.All DelegatedAdminRelationship.ReadWrite.All
        DelegatedPermissionGrant.Read.All Device.CreateFromOwnedTemplate DeviceLocalCredential.Read.All
        DeviceLocalCredential.ReadBasic.All DeviceManagementApps.Read.All DeviceManagementApps.ReadWrite.All
        DeviceManagementCloudCA.Read.All DeviceManagementCloudCA.ReadWrite.All
        DeviceManagementConfiguration.Read.All DeviceManagementConfiguration.ReadWrite.All
        DeviceManagementDeploymentPlans.Read.All DeviceManagementDeploymentPlans.ReadWrite.All
        DeviceManagementManagedDevices.PrivilegedOperations.All DeviceManagementManagedDevices.Read.All
        DeviceManagementManagedDevices.ReadWrite.All DeviceManagementRBAC.Read.All
        DeviceManagementRBAC.ReadWrite.All DeviceManagementScripts.Read.All
        DeviceManagementScripts.ReadWrite.All DeviceManagementServiceConfig.Read.All
        DeviceManagementServiceConfig.ReadWrite.All DeviceTemplate.Create DeviceTemplate.ReadWrite.All
        Directory.Read.All DirectoryRecommendations.Read.All DirectoryRecommendations.ReadWrite.All
        Domain-InternalFederation.Read.All Domain-InternalFederation.ReadWrite.All Domain.Read.All
        EduAdministration.Read EduAdministration.ReadWrite EduAssignments.Read EduAssignments.ReadWrite
        EduCurricula.Read EduCurricula.ReadWrite EduRoster.Read EduRoster.ReadWrite
        EngagementConversation.Read.All EngagementConversation.ReadWrite.All EngagementRole.Read.All
        EngagementRole.ReadWrite.All EntitlementManagement.Read.All EntitlementManagement.ReadWrite.All
        EntraBackup.Read.All EntraBackup.ReadWrite.Preview EntraBackup.ReadWrite.Recovery EventListener.Read.All
        EventListener.ReadWrite.All ExchangeMessageTrace.Read.All ExternalConnection.Read.All
        ExternalConnection.ReadWrite.All ExternalConnection.ReadWrite.OwnedBy ExternalItem.Read.All
        ExternalItem.ReadWrite.All ExternalItem.ReadWrite.OwnedBy ExternalUserProfile.Read.All
        ExternalUserProfile.ReadWrite.All Goals-Export.Read.All Goals-Export.ReadWrite.All
        Group-Conversation.Read.All Group-Conversation.ReadWrite.All Group.ManageProtection.All Group.Read.All
        GroupMember.Read.All GroupSettings.Read.All GroupSettings.ReadWrite.All IdentityNotifications.Read.All
        IdentityNotifications.ReadWrite.All IdentityProvider.Read.All IdentityProvider.ReadWrite.All
        IdentityRiskEvent.Read.All IdentityRiskEvent.ReadWrite.All IdentityRiskyAgent.Read.All
        IdentityRiskyAgent.ReadWrite.All IdentityRiskyServicePrincipal.Read.All
        IdentityRiskyServicePrincipal.ReadWrite.All IdentityRiskyUser.Read.All IdentityRiskyUser.ReadWrite.All
        IdentityUserFlow.Read.All IdentityUserFlow.ReadWrite.All IndustryData-DataConnector.Read.All
        IndustryData-DataConnector.ReadWrite.All IndustryData-DataConnector.Upload
        IndustryData-InboundFlow.Read.All IndustryData-InboundFlow.ReadWrite.All
        IndustryData-OutboundFlow.Read.All IndustryData-OutboundFlow.ReadWrite.All
        IndustryData-ReferenceDefinition.Read.All IndustryData-ReferenceDefinition.ReadWrite.All
        IndustryData-Run.Read.All IndustryData-Run.Start IndustryData-SourceSystem.Read.All
        IndustryData-SourceSystem.ReadWrite.All IndustryData-TimePeriod.Read.All
        IndustryData-TimePeriod.ReadWrite.All InformationProtectionConfig.Read LearningContent.Read.All
        LearningContent.ReadWrite.All LicenseAssignment.ReadWrite.All LifecyclePolicies-AgentId.Read.All
        LifecyclePolicies-AgentId.ReadWrite.All LifecyclePolicies-Guests.Read.All
        LifecyclePolicies-Guests.ReadWrite.All LifecycleWorkflows-CustomExt.ReadWrite.All
        LifecycleWorkflows-Workflow.Activate LifecycleWorkflows-Workflow.ReadWrite.All
        LifecycleWorkflows.Read.All LifecycleWorkflows.ReadWrite.All Mail-Advanced.ReadWrite
        Mail-Advanced.ReadWrite.Shared MailboxConfigItem.ReadWrite ManagedTenants.Read.All
        ManagedTenants.ReadWrite.All Member.Read.Hidden MultiTenantOrganization.Read.All
        MultiTenantOrganization.ReadWrite.All MutualTlsOauthConfiguration.Read.All
        MutualTlsOauthConfiguration.ReadWrite.All NetworkAccess-Reports.Read.All NetworkAccess.Read.All
        NetworkAccessBranch.ReadWrite.All NetworkAccessPolicy.ReadWrite.All
        OnPremDirectorySynchronization.Read.All OnPremDirectorySynchronization.ReadWrite.All
        OnPremisesPublishingProfiles.ReadWrite.All OnlineMeetingAiInsight.Read.All
        OnlineMeetingRecording.Read.All OnlineMeetingTranscript.Read.All OrgContact.Read.All
        OrgSettings-AppsAndServices.Read.All OrgSettings-AppsAndServices.ReadWrite.All
        OrgSettings-DynamicsVoice.Read.All OrgSettings-DynamicsVoice.ReadWrite.All OrgSettings-Forms.Read.All
        OrgSettings-Forms.ReadWrite.All OrgSettings-Todo.Read.All OrgSettings-Todo.ReadWrite.All
        Organization.Read.All Organization.ReadWrite.All OrganizationalBranding.Read.All
        OrganizationalBranding.ReadWrite.All PartnerSecurity.Read.All PartnerSecurity.ReadWrite.All
        PendingExternalUserProfile.Read.All PendingExternalUserProfile.ReadWrite.All People.Read.All
        PeopleSettings.Read.All PeopleSettings.ReadWrite.All Place.Read.All Place.ReadWrite.All
        PlaceDevice.Read.All PlaceDevice.ReadWrite.All Policy.Read.All Policy.Read.AuthenticationMethod
        Policy.Read.B2BManagementPolicy Policy.Read.CrossTenantAccess Policy.Read.DeviceConfiguration
        Policy.Read.IdentityProtection Policy.Read.PermissionGrant Policy.Read.Recovery
        Policy.ReadWrite.AccessReview Policy.ReadWrite.ApplicationConfiguration
        Policy.ReadWrite.AuthenticationFlows Policy.ReadWrite.AuthenticationMethod
        Policy.ReadWrite.Authorization Policy.ReadWrite.B2BManagementPolicy Policy.ReadWrite.ConditionalAccess
        Policy.ReadWrite.ConsentRequest Policy.ReadWrite.CrossTenantAccess
        Policy.ReadWrite.CrossTenantCapability Policy.ReadWrite.DeviceConfiguration
        Policy.ReadWrite.ExternalIdentities Policy.ReadWrite.FeatureRollout Policy.ReadWrite.FedTokenValidation
        Policy.ReadWrite.IdentityProtection Policy.ReadWrite.MobilityManagement Policy.ReadWrite.PermissionGrant
        Policy.ReadWrite.Recovery Policy.ReadWrite.SecurityDefaults Policy.ReadWrite.TrustFramework
        PreAuthorizationGrant.Read.All PrintConnector.Read.All PrintConnector.ReadWrite.All PrintJob.Read.All
        PrintJob.ReadWrite.All PrintSettings.Read.All PrintSettings.ReadWrite.All Printer.FullControl.All
        Printer.Read.All Printer.ReadWrite.All PrinterShare.ReadWrite.All PrivilegedAccess-CustomExt.Read.All
        PrivilegedAccess-CustomExt.ReadWrite.All PrivilegedAccess.Read.AzureAD
        PrivilegedAccess.Read.AzureADGroup PrivilegedAccess.Read.AzureResources
        PrivilegedAccess.ReadWrite.AzureAD PrivilegedAccess.ReadWrite.AzureADGroup
        PrivilegedAccess.ReadWrite.AzureResources PrivilegedAssignmentSchedule.Read.AzureADGroup
        PrivilegedAssignmentSchedule.Read.EntraAppRole PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup
        PrivilegedAssignmentSchedule.ReadWrite.EntraAppRole PrivilegedAssignmentSchedule.Remove.AzureADGroup
        PrivilegedEligibilitySchedule.Read.AzureADGroup PrivilegedEligibilitySchedule.Read.EntraAppRole
        PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup
        PrivilegedEligibilitySchedule.ReadWrite.EntraAppRole PrivilegedEligibilitySchedule.Remove.AzureADGroup
        ProfilePhoto.ReadWrite.All ProgramControl.Read.All ProgramControl.ReadWrite.All
        ProtectionScopes.Compute.All ProvisioningLog.Read.All PublicKeyInfrastructure.Read.All
        PublicKeyInfrastructure.ReadWrite.All PullPrintPrinter.FullControl.All PullPrintPrinter.Read.All
        PullPrintPrinter.ReadWrite.All RealTimeActivityFeed.Read.All RecordsManagement.Read.All
        RecordsManagement.ReadWrite.All RemoteTenantGroups.Read.All ReportSettings.Read.All
        ReportSettings.ReadWrite.All Reports.Read.All ResourceSpecificPermissionGrant.ReadForChat
        ResourceSpecificPermissionGrant.ReadForTeam ResourceSpecificPermissionGrant.ReadForUser
        RiskPreventionProviders.Read.All RiskPreventionProviders.ReadWrite.All
        RoleAssignmentSchedule.Read.Directory RoleAssignmentSchedule.ReadWrite.Directory
        RoleAssignmentSchedule.Remove.Directory RoleEligibilitySchedule.Read.Directory
        RoleEligibilitySchedule.ReadWrite.Directory RoleEligibilitySchedule.Remove.Directory
        RoleManagement.Read.All RoleManagement.Read.CloudPC RoleManagement.Read.Defender
        RoleManagement.Read.Directory RoleManagement.Read.Exchange RoleManagement.ReadWrite.CloudPC
        RoleManagement.ReadWrite.Defender RoleManagement.ReadWrite.Exchange RoleManagementAlert.Read.Directory
        RoleManagementAlert.ReadWrite.Directory RoleManagementPolicy.Read.AzureADGroup
        RoleManagementPolicy.Read.Directory RoleManagementPolicy.Read.EntraAppRole
        RoleManagementPolicy.ReadWrite.AzureADGroup RoleManagementPolicy.ReadWrite.Directory
        RoleManagementPolicy.ReadWrite.EntraAppRole Schedule.Read.All Schedule.ReadWrite.All
        SchedulePermissions.ReadWrite.All SearchConfiguration.Read.All SearchConfiguration.ReadWrite.All
        SecurityActions.Read.All SecurityActions.ReadWrite.All SecurityAlert.Create.All SecurityAlert.Read.All
        SecurityAlert.ReadWrite.All SecurityAnalyzedMessage.Read.All SecurityAnalyzedMessage.ReadWrite.All
        SecurityEvents.Read.All SecurityEvents.ReadWrite.All SecurityIdentitiesAccount.Read.All
        SecurityIdentitiesActions.ReadWrite.All SecurityIdentitiesAutoConfig.Read.All
        SecurityIdentitiesAutoConfig.ReadWrite.All SecurityIdentitiesHealth.Read.All
        SecurityIdentitiesHealth.ReadWrite.All SecurityIdentitiesMigration.Read.All
        SecurityIdentitiesMigration.ReadWrite.All SecurityIdentitiesSensors.Read.All
        SecurityIdentitiesSensors.ReadWrite.All SecurityIdentitiesUserActions.Read.All
        SecurityIdentitiesUserActions.ReadWrite.All SecurityIncident.Read.All SecurityIncident.ReadWrite.All
        SensitivityLabel.Evaluate SensitivityLabel.Evaluate.All SentimentSurvey.Export.All
        ServiceActivity-Exchange.Read.All ServiceActivity-Microsoft365Web.Read.All
        ServiceActivity-OneDrive.Read.All ServiceActivity-Teams.Read.All ServiceHealth.Read.All
        ServiceMessage.Read.All ServicePrincipalEndpoint.Read.All ServicePrincipalEndpoint.ReadWrite.All
        SharePointCrossTenantMigration.Manage.All SharePointCrossTenantMigration.Read.All
        SharePointTenantSettings.Read.All SharePointTenantSettings.ReadWrite.All SignInIdentifier.Read.All
        SignInIdentifier.ReadWrite.All Sites.Create.All Sites.FullControl.All SpiffeTrustDomain.Read.All
        SpiffeTrustDomain.ReadWrite.All Storyline.ReadWrite.All SubjectRightsRequest.Read.All
        SubjectRightsRequest.ReadWrite.All Subscription.Read.All Synchronization.Read.All
        Synchronization.ReadWrite.All SynchronizationData-User.Upload TeamMember.Read.All
        TeamMember.ReadWrite.All TeamMember.ReadWriteNonOwnerRole.All TeamSettings.Read.All
        TeamSettings.ReadWrite.All TeamsAppInstallation.ManageSelectedForChat
        TeamsAppInstallation.ManageSelectedForTeam TeamsAppInstallation.ManageSelectedForUser
        TeamsAppInstallation.ReadForTeam TeamsAppInstallation.ReadSelectedForChat
        TeamsAppInstallation.ReadSelectedForTeam TeamsAppInstallation.ReadSelectedForUser
        TeamsAppInstallation.ReadWriteAndConsentForChat TeamsAppInstallation.ReadWriteAndConsentForTeam
        TeamsAppInstallation.ReadWriteAndConsentForUser TeamsAppInstallation.ReadWriteAndConsentSelfForChat
        TeamsAppInstallation.ReadWriteAndConsentSelfForTeam TeamsAppInstallation.ReadWriteAndConsentSelfForUser
        TeamsAppInstallation.ReadWriteForChat TeamsAppInstallation.ReadWriteForTeam
        TeamsAppInstallation.ReadWriteForUser TeamsAppInstallation.ReadWriteSelectedForChat
        TeamsAppInstallation.ReadWriteSelectedForTeam TeamsAppInstallation.ReadWriteSelectedForUser
        TeamsAppInstallation.ReadWriteSelfForTeam TeamsPolicyUserAssign.ReadWrite.All
        TeamsResourceAccount.Read.All TeamsTab.Read.All TeamsTab.ReadWrite.All TeamsTab.ReadWriteForTeam
        TeamsTab.ReadWriteSelfForTeam TeamsTelephoneNumber.Read.All TeamsTelephoneNumber.ReadWrite.All
        TeamsUserConfiguration.Read.All Teamwork.Read.All TeamworkAppSettings.ReadWrite.All
        TeamworkDevice.Read.All TeamworkDevice.ReadWrite.All TeamworkTargetedMessage.ReadWrite
        TenantGovernance-Invitation.Read.All TenantGovernance-Invitation.ReadWrite.All
        TenantGovernance-PolicyTemplate.Read.All TenantGovernance-PolicyTemplate.ReadWrite.All
        TenantGovernance-RelatedTenant.Read.All TenantGovernance-RelatedTenant.ReadWrite.All
        TenantGovernance-Relationship.Read.All TenantGovernance-Relationship.ReadWrite.All
        TenantGovernance-Request.Read.All TenantGovernance-Request.ReadWrite.All
        TenantGovernance-Setting.Read.All TenantGovernance-Setting.ReadWrite.All TermStore.Read.All
        TermStore.ReadWrite.All ThreatAssessment.ReadWrite.All ThreatHunting.Read.All ThreatIndicators.Read.All
        ThreatIntelligence.Read.All ThreatSubmission.Read ThreatSubmission.Read.All ThreatSubmission.ReadWrite
        ThreatSubmission.ReadWrite.All ThreatSubmissionPolicy.ReadWrite.All Topic.Read.All
        TrustFrameworkKeySet.Read.All TrustFrameworkKeySet.ReadWrite.All User-ConvertToInternal.ReadWrite.All
        User-LifeCycleInfo.Read.All User-LifeCycleInfo.ReadWrite.All User-Mail.ReadWrite.All
        User-Phone.ReadWrite.All User.Create User.Export.All User.Invite.All User.ManageIdentities.All
        User.Read.All User.ReadUpdate.All User.RevokeSessions.All UserAuthMethod-Email.Read.All
        UserAuthMethod-Email.ReadWrite UserAuthMethod-Email.ReadWrite.All UserAuthMethod-External.Read.All
        UserAuthMethod-External.ReadWrite UserAuthMethod-External.ReadWrite.All
        UserAuthMethod-HardwareOATH.Read.All UserAuthMethod-HardwareOATH.ReadWrite
        UserAuthMethod-HardwareOATH.ReadWrite.All UserAuthMethod-MicrosoftAuthApp.Read.All
        UserAuthMethod-MicrosoftAuthApp.ReadWrite UserAuthMethod-MicrosoftAuthApp.ReadWrite.All
        UserAuthMethod-Passkey.Read.All UserAuthMethod-Passkey.ReadWrite UserAuthMethod-Passkey.ReadWrite.All
        UserAuthMethod-PlatformCred.Read.All UserAuthMethod-PlatformCred.ReadWrite
        UserAuthMethod-PlatformCred.ReadWrite.All UserAuthMethod-QR.Read.All UserAuthMethod-QR.ReadWrite
        UserAuthMethod-QR.ReadWrite.All UserAuthMethod-ResourceKey.Read.All
        UserAuthMethod-ResourceKey.ReadWrite.All UserAuthMethod-SoftwareOATH.Read.All
        UserAuthMethod-SoftwareOATH.ReadWrite UserAuthMethod-SoftwareOATH.ReadWrite.All
        UserAuthMethod-TAP.Read.All UserAuthMethod-TAP.ReadWrite UserAuthMethod-TAP.ReadWrite.All
        UserAuthMethod-WindowsHello.Read.All UserAuthMethod-WindowsHello.ReadWrite
        UserAuthMethod-WindowsHello.ReadWrite.All UserAuthenticationMethod.Read.All
        UserAuthenticationMethod.ReadWrite UserWindowsSettings.ReadWrite.All VerifiedId-Profile.Read.All
        VerifiedId-Profile.ReadWrite.All VirtualEvent.Read WindowsUpdates.Read.All WindowsUpdates.ReadWrite.All
        WorkforceIntegration.Read.All WorkforceIntegration.ReadWrite.All eDiscovery.Read.All
        eDiscovery.ReadWrite.All
    """,
    "critical": """
        AppRoleAssignment.ReadWrite.All Application.ReadWrite.All CustomSecAttributeAssignment.ReadWrite.All
        CustomSecAttributeDefinition.ReadWrite.All DelegatedPermissionGrant.ReadWrite.All
        Directory.AccessAsUser.All Directory.ReadWrite.All Domain.ReadWrite.All FileStorageContainer.Manage.All
        Group.ReadWrite.All GroupMember.ReadWrite.All NetworkAccess.ReadWrite.All
        RoleManagement.ReadWrite.Directory User-PasswordProfile.ReadWrite.All User.DeleteRestore.All
        User.EnableDisableAccount.All User.ReadWrite.All UserAuthenticationMethod.ReadWrite.All
    """,
}
